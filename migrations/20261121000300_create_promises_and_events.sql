-- What operators asked the marketplace to do, and how far each request is (domain::delivery).
CREATE TABLE promises (
  account_id TEXT NOT NULL,
  promise_id UUID NOT NULL,
  order_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  -- The action with its input (domain::action::Action).
  action JSONB NOT NULL,
  -- Born in the form: the same form sent twice makes one promise.
  submission_id UUID NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users,
  created_at TIMESTAMPTZ NOT NULL,
  state TEXT NOT NULL CHECK (state IN
    ('queued', 'sending', 'in_doubt', 'needs_person', 'confirmed', 'refused', 'withdrawn')),
  attempts INTEGER NOT NULL,
  unknown_attempts INTEGER NOT NULL,
  negative_reads INTEGER NOT NULL,
  horizon_at TIMESTAMPTZ,
  -- When the next step is due.
  next_at TIMESTAMPTZ NOT NULL,
  -- Why it will not happen (domain::delivery::Refusal), as far as is known.
  refusal JSONB,
  -- Why the promise waits (domain::trouble); NULL when it just waits for its time.
  trouble TEXT,
  -- Grows with each worker that takes the promise up: the answer of one that lost its lease is dropped.
  fence BIGINT NOT NULL DEFAULT 0,
  lease_until TIMESTAMPTZ,
  settled_at TIMESTAMPTZ,
  PRIMARY KEY (account_id, promise_id),
  UNIQUE (account_id, submission_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders,
  CHECK ((settled_at IS NULL) = (state NOT IN ('confirmed', 'refused', 'withdrawn')))
);
-- One promise under way per order. The rules say so first; this is the second lock on the door.
CREATE UNIQUE INDEX promises_one_in_flight ON promises (account_id, order_id)
  WHERE settled_at IS NULL;
CREATE INDEX promises_due ON promises (account_id, next_at)
  WHERE state IN ('queued', 'sending', 'in_doubt');
CREATE INDEX promises_for_people ON promises (account_id, created_at)
  WHERE state = 'needs_person';
CREATE INDEX promises_by_order ON promises (account_id, order_id, created_at);

-- A settled promise stays settled, and the number of the worker never goes back.
CREATE FUNCTION guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL THEN
    RAISE EXCEPTION 'promise % is settled as %', OLD.promise_id, OLD.state;
  END IF;
  IF NEW.fence < OLD.fence THEN
    RAISE EXCEPTION 'promise % was taken up by a later worker', OLD.promise_id;
  END IF;
  IF NEW.state = 'sending' AND OLD.state <> 'sending'
     AND (OLD.state <> 'queued' OR NEW.attempts <> OLD.attempts + 1) THEN
    RAISE EXCEPTION 'promise % cannot be sent from %', OLD.promise_id, OLD.state;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER guard_promise BEFORE UPDATE ON promises
  FOR EACH ROW EXECUTE FUNCTION guard_promise();

-- What happened to each order, in order. Only ever added to.
CREATE TABLE order_events (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  event_id BIGINT GENERATED ALWAYS AS IDENTITY,
  at TIMESTAMPTZ NOT NULL,
  actor TEXT NOT NULL CHECK (actor IN ('person', 'marketplace', 'comptoir')),
  user_id BIGINT REFERENCES users,
  promise_id UUID,
  -- domain::event::Event
  event JSONB NOT NULL,
  PRIMARY KEY (account_id, order_id, event_id),
  CHECK ((actor = 'person') = (user_id IS NOT NULL))
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history is only ever added to';
END
$$;
CREATE TRIGGER order_events_are_final BEFORE UPDATE OR DELETE ON order_events
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

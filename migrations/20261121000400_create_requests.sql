-- What a channel allows beyond shipping. Cdiscount's are documented (domain::channel).
ALTER TABLE channels
  ADD COLUMN ships_cancel_requests BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN partial_cancellation BOOLEAN NOT NULL DEFAULT FALSE,
  -- As the marketplace itself said last; NULL until it was asked.
  ADD COLUMN gestures BOOLEAN,
  ADD COLUMN invoices BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE channels SET ships_cancel_requests = TRUE, invoices = TRUE WHERE channel_id = 'CDISFR';

-- What the marketplace was asked for and decides later: cancellations, gestures, invoices; by us, in the
-- portal, by customers, by the channel's customer service.
CREATE TABLE requests (
  account_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cancellation', 'gesture', 'invoice')),
  request_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  -- domain::request::Request
  request JSONB NOT NULL,
  -- Whether the marketplace may still change its mind.
  open BOOLEAN NOT NULL,
  first_seen_at TIMESTAMPTZ NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, kind, request_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders
);
CREATE INDEX requests_by_order ON requests (account_id, order_id, first_seen_at);

-- The orders whose requests are to be read again: there is no list of all cancellations to ask for
-- (octopia-contract 4.4), so that each order is asked for until nothing is open.
CREATE TABLE request_watches (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cancellation', 'gesture', 'invoice')),
  next_at TIMESTAMPTZ NOT NULL,
  reads INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account_id, order_id, kind),
  FOREIGN KEY (account_id, order_id) REFERENCES orders
);
CREATE INDEX request_watches_due ON request_watches (account_id, next_at);

-- Gestures can be asked for by date; this is how far that has come, by the marketplace's own times.
ALTER TABLE sync_states
  ADD COLUMN gestures_cursor_at TIMESTAMPTZ,
  ADD COLUMN gestures_read_at TIMESTAMPTZ,
  ADD COLUMN channels_read_at TIMESTAMPTZ;

-- Nothing leaves for the marketplace while this is set.
ALTER TABLE accounts
  ADD COLUMN sending_paused_at TIMESTAMPTZ,
  ADD COLUMN sending_paused_by BIGINT REFERENCES users;

ALTER TABLE promises
  -- The requests that the order had before the action was sent: only others can be its effect.
  ADD COLUMN baseline JSONB,
  -- The marketplace's own record of the effect.
  ADD COLUMN reference TEXT;
-- A record proves one promise.
CREATE UNIQUE INDEX promises_one_reference ON promises (account_id, kind, reference)
  WHERE reference IS NOT NULL;

-- A settled promise stays settled; only the record that the marketplace made of it may be learnt later.
CREATE OR REPLACE FUNCTION guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL AND NOT (
       OLD.reference IS NULL AND NEW.state = OLD.state AND NEW.settled_at = OLD.settled_at) THEN
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

-- The bytes of a file that was promised, until the marketplace has confirmed it.
CREATE TABLE promise_files (
  account_id TEXT NOT NULL,
  promise_id UUID NOT NULL,
  bytes BYTEA NOT NULL,
  PRIMARY KEY (account_id, promise_id),
  FOREIGN KEY (account_id, promise_id) REFERENCES promises
);

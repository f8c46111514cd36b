-- Names and contact data go some time after an order has ended, or when the customer asks (docs/PRIVACY.md).
-- The order, its history and its audit stay.
ALTER TABLE orders
  ADD COLUMN people_removed_at TIMESTAMPTZ,
  -- How many days after the order's end that was to be; NULL when the customer asked.
  ADD COLUMN people_removed_after_days INTEGER,
  -- When something was promised for the order since: its words have to go in their turn.
  ADD COLUMN people_again_at TIMESTAMPTZ,
  -- What was removed stays removed, whoever reads the order again.
  ADD CONSTRAINT people_stay_removed CHECK (people_removed_at IS NULL OR (
    customer_reference IS NULL AND customer_name IS NULL AND postal_code IS NULL AND city IS NULL
    AND billing IS NULL AND shipping IS NULL));
CREATE INDEX orders_with_people ON orders (account_id, updated_at) WHERE people_removed_at IS NULL;
CREATE INDEX orders_with_people_again ON orders (account_id, people_again_at)
  WHERE people_again_at IS NOT NULL;

-- The history is still only added to; but what an entry says of the customer may be left out of it, once the
-- customer is removed from the order. What happened, when and by whom is beyond reach.
CREATE FUNCTION leave_out_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND to_jsonb(NEW) - 'event' = to_jsonb(OLD) - 'event'
     AND NEW.event ->> 'event' = OLD.event ->> 'event'
     AND EXISTS (SELECT FROM orders
                 WHERE account_id = OLD.account_id AND order_id = OLD.order_id
                   AND people_removed_at IS NOT NULL) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the history is only ever added to';
END
$$;
DROP TRIGGER order_events_are_final ON order_events;
CREATE TRIGGER order_events_are_final BEFORE UPDATE OR DELETE ON order_events
  FOR EACH ROW EXECUTE FUNCTION leave_out_only();

-- A settled promise stays settled: its record may be learnt later, and what its input and the marketplace's
-- words say of the customer may be left out.
CREATE OR REPLACE FUNCTION guard_promise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.settled_at IS NOT NULL AND NOT (
       OLD.reference IS NULL AND to_jsonb(NEW) - 'reference' = to_jsonb(OLD) - 'reference')
     AND NOT (
       to_jsonb(NEW) - 'action' - 'refusal' = to_jsonb(OLD) - 'action' - 'refusal'
       AND NEW.action ->> 'kind' = OLD.action ->> 'kind'
       AND EXISTS (SELECT FROM orders
                   WHERE account_id = OLD.account_id AND order_id = OLD.order_id
                     AND people_removed_at IS NOT NULL)) THEN
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

-- What a person does on the command line: whoever may run it, which no user of ours is.
ALTER TABLE audit
  DROP CONSTRAINT audit_actor_check,
  ADD CONSTRAINT audit_actor_check
    CHECK (actor IN ('person', 'comptoir', 'marketplace', 'import', 'command_line'));

-- Pages make promises.
GRANT UPDATE (people_again_at) ON orders TO comptoir_desk;

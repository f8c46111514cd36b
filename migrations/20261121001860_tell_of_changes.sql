-- Pages that are open learn that something changed, in whatever process that was: each statement that brings orders,
-- or writes what happened to some, tells which accounts it was about. What is told is an account's key and no more; who
-- hears it asks for the rest with the rights of whoever reads the page. PostgreSQL says the same thing once per
-- transaction, and only if it commits.
CREATE FUNCTION tell_of_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('comptoir_orders', account_id) FROM (SELECT DISTINCT account_id FROM changed) AS accounts;
  RETURN NULL;
END
$$;
CREATE TRIGGER tell_of_new_orders AFTER INSERT ON orders
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_of_orders();
CREATE TRIGGER tell_of_events AFTER INSERT ON order_events
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION tell_of_orders();

-- What happened since a page was made. The numbers only grow, so that this costs little to keep.
CREATE INDEX order_events_by_number ON order_events (account_id, event_id) INCLUDE (order_id);

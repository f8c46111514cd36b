-- Pages read and write as a role that sees the rows of no seller account but those of the setting
-- comptoir.accounts, which each of their connections is given by who is signed in (docs/adr/0012, src/db/scope.rs).
-- The owner of the tables, as whom the worker, sign-in, the settings and the migrations work, is not limited.

-- Roles belong to the whole cluster: another database may have brought it, or is just bringing it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'comptoir_desk') THEN
    CREATE ROLE comptoir_desk NOLOGIN;
  END IF;
EXCEPTION
  WHEN duplicate_object OR unique_violation THEN NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the pages work as the role comptoir_desk, and % may not create it: have an administrator of the database run "CREATE ROLE comptoir_desk NOLOGIN; GRANT comptoir_desk TO %", and start again',
      quote_ident(current_user), quote_ident(current_user);
END
$$;

DO $$
BEGIN
  SET LOCAL ROLE comptoir_desk;
  RESET ROLE;
EXCEPTION WHEN insufficient_privilege THEN
  BEGIN
    GRANT comptoir_desk TO CURRENT_USER;
  EXCEPTION
    -- Another database got there first ("tuple concurrently updated" is an internal error).
    WHEN unique_violation OR internal_error THEN NULL;
    WHEN insufficient_privilege THEN
      RAISE EXCEPTION 'the pages work as the role comptoir_desk, which % does not belong to: have an administrator of the database run "GRANT comptoir_desk TO %", and start again',
        quote_ident(current_user), quote_ident(current_user);
  END;
END
$$;

-- What pages do, and no more: neither secrets, sessions and passwords, nor the marketplace's own JSON.
GRANT USAGE ON SCHEMA public TO comptoir_desk;
GRANT SELECT ON accounts, channels, carriers, sync_states, orders, order_lines, parcels, order_counts, requests,
  promises, order_events, audit TO comptoir_desk;
GRANT SELECT (account_id, order_id, problem, first_seen_at) ON order_faults TO comptoir_desk;
GRANT SELECT (account_id, promise_id) ON promise_files TO comptoir_desk;
-- Who did it.
GRANT SELECT (user_id, name) ON users TO comptoir_desk;
GRANT INSERT ON promises, promise_files, order_events, audit_inbox TO comptoir_desk;
GRANT DELETE ON promise_files TO comptoir_desk;
GRANT UPDATE (promise_kind, promise_state, promise_at) ON orders TO comptoir_desk;
GRANT UPDATE (state, attempts, unknown_attempts, negative_reads, horizon_at, next_at, refusal, trouble,
  lease_until, settled_at, baseline, reference) ON promises TO comptoir_desk;
GRANT UPDATE (sending_paused_at, sending_paused_by) ON accounts TO comptoir_desk;

-- The accounts of the setting. Without it, or when it is empty, none. Identifiers hold no comma (see accounts).
CREATE FUNCTION visible_accounts() RETURNS TEXT[] LANGUAGE sql STABLE
  RETURN string_to_array(current_setting('comptoir.accounts', TRUE), ',');

-- Every table of a seller account is limited, also those that the role has no right on, so that a right granted
-- later opens no more than it should. The function stands in a subquery, so that it is asked once per statement and
-- the indexes keep working (tests/pages/plans.rs). A table that comes later needs the same two statements;
-- tests/it/isolation.rs asks for them.
DO $$
DECLARE
  scoped NAME;
BEGIN
  FOR scoped IN
    SELECT c.relname
    FROM pg_class AS c
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT IN ('audit', 'audit_inbox')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', scoped);
    EXECUTE format('CREATE POLICY desk ON %I TO comptoir_desk
                      USING (account_id = ANY ((SELECT visible_accounts())::text[]))', scoped);
  END LOOP;
END
$$;

-- What concerns no seller account has an empty one there. Who may read it is the page's question.
ALTER TABLE audit ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON audit TO comptoir_desk
  USING (account_id = '' OR account_id = ANY ((SELECT visible_accounts())::text[]));
ALTER TABLE audit_inbox ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON audit_inbox TO comptoir_desk
  USING (account_id = '' OR account_id = ANY ((SELECT visible_accounts())::text[]));

-- The counters are kept whoever changes an order, and by nobody else.
ALTER FUNCTION count_orders() SECURITY DEFINER SET search_path = public, pg_temp;

-- Makes two gestures of one user take turns. A function, because whoever locks a row needs the right to change it.
CREATE FUNCTION hold_user(held BIGINT) RETURNS VOID LANGUAGE sql
  SECURITY DEFINER SET search_path = public, pg_temp
  BEGIN ATOMIC
    SELECT user_id FROM users WHERE user_id = held FOR NO KEY UPDATE;
  END;
REVOKE EXECUTE ON FUNCTION hold_user(BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_user(BIGINT) TO comptoir_desk;

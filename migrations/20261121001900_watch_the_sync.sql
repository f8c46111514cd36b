-- What people ask about the mirror (`product` 4.10): what the last reading brought, how often the marketplace is
-- called, whether its numbers are ours, and what they asked for themselves.
ALTER TABLE sync_states
  -- Orders that the reading under way has brought so far, and that the last complete one brought.
  ADD COLUMN reading_read BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN last_read BIGINT,
  -- When somebody last asked for a reading without waiting for the next.
  ADD COLUMN hurried_at TIMESTAMPTZ,
  -- The limit that the worker keeps to; NULL is none.
  ADD COLUMN calls_per_second INTEGER,
  -- When the marketplace's numbers were last compared with ours, and when somebody asked for it.
  ADD COLUMN compared_at TIMESTAMPTZ,
  ADD COLUMN compare_asked_at TIMESTAMPTZ,
  -- Comparisons in a row that found a difference: what changes meanwhile looks like one.
  ADD COLUMN differed INTEGER NOT NULL DEFAULT 0;
GRANT UPDATE (next_pull_at, hurried_at, compare_asked_at) ON sync_states TO comptoir_desk;

-- Calls of an account in a minute, added up by each process for itself.
CREATE TABLE api_calls (
  account_id TEXT NOT NULL REFERENCES accounts,
  minute_at TIMESTAMPTZ NOT NULL,
  calls INTEGER NOT NULL CHECK (calls >= 0),
  -- Those that were answered with "too many".
  limited INTEGER NOT NULL CHECK (limited >= 0),
  PRIMARY KEY (account_id, minute_at)
);
ALTER TABLE api_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON api_calls TO comptoir_desk USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON api_calls TO comptoir_desk;

-- How many orders there were in each status at the last comparison; the empty status is all of them.
CREATE TABLE order_comparisons (
  account_id TEXT NOT NULL REFERENCES accounts,
  status TEXT NOT NULL,
  -- NULL where the marketplace does not count this status.
  theirs BIGINT,
  ours BIGINT NOT NULL,
  PRIMARY KEY (account_id, status)
);
ALTER TABLE order_comparisons ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON order_comparisons TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON order_comparisons TO comptoir_desk;

-- Single orders that somebody wants read now. The worker reads them: pages write no order.
CREATE TABLE rereads (
  account_id TEXT NOT NULL REFERENCES accounts,
  reread_id BIGINT GENERATED ALWAYS AS IDENTITY,
  order_id TEXT NOT NULL,
  asked_by BIGINT NOT NULL REFERENCES users,
  asked_at TIMESTAMPTZ NOT NULL,
  lease_until TIMESTAMPTZ,
  done_at TIMESTAMPTZ,
  -- domain::reread::Outcome
  outcome TEXT,
  PRIMARY KEY (account_id, reread_id),
  CHECK ((done_at IS NULL) = (outcome IS NULL))
);
CREATE INDEX rereads_waiting ON rereads (account_id, reread_id) WHERE done_at IS NULL;
CREATE INDEX rereads_of_order ON rereads (account_id, order_id, reread_id);
ALTER TABLE rereads ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON rereads TO comptoir_desk USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON rereads TO comptoir_desk;
GRANT INSERT (account_id, order_id, asked_by, asked_at) ON rereads TO comptoir_desk;

-- The sync page tells what was refused lately, and why.
CREATE INDEX promises_refused ON promises (account_id, settled_at) WHERE state = 'refused';

-- How the marketplace judges each seller account, as it said last (octopia-contract 7).
CREATE TABLE seller_indicators (
  account_id TEXT NOT NULL REFERENCES accounts,
  -- The marketplace's names and words.
  name TEXT NOT NULL,
  position INTEGER NOT NULL,
  description TEXT,
  -- Over the last 30 days.
  value NUMERIC,
  -- domain::indicator::Limit
  limit_kind TEXT CHECK (limit_kind IN ('at_least', 'at_most')),
  limit_value NUMERIC,
  -- The marketplace's own verdict.
  compliant BOOLEAN,
  computed_at TIMESTAMPTZ,
  PRIMARY KEY (account_id, name),
  CHECK ((limit_kind IS NULL) = (limit_value IS NULL))
);
ALTER TABLE seller_indicators ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON seller_indicators TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON seller_indicators TO comptoir_desk;

-- How far the reading of them is. A failure keeps what was read before.
ALTER TABLE sync_states
  ADD COLUMN indicators_read_at TIMESTAMPTZ,
  ADD COLUMN indicators_tried_at TIMESTAMPTZ,
  ADD COLUMN indicators_failure TEXT;

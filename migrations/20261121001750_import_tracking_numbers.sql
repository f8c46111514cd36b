-- Files with tracking numbers, as somebody uploaded or pasted them (domain::import). What is to be declared of
-- them is in a batch; the file itself is kept for some days, so that its columns can be matched, and so that the rows
-- that were not sent can be given back in the file's own columns.
CREATE TABLE imports (
  import_id UUID PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users,
  -- The seller accounts in which its orders are looked for.
  accounts TEXT[] NOT NULL CHECK (cardinality(accounts) > 0),
  -- None for a text that was pasted.
  file_name TEXT CHECK (length(file_name) <= 200),
  -- Of the bytes as they came: the same file is known again.
  sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
  encoding TEXT NOT NULL,
  row_count INTEGER NOT NULL,
  -- What tells the names of its columns from those of another file; none without names. How its columns were matched
  -- is proposed for the next file with the same names.
  fingerprint TEXT,
  -- As text, with line feeds; none once it was forgotten.
  content TEXT COMPRESSION lz4,
  created_at TIMESTAMPTZ NOT NULL,
  -- What was chosen (domain::import::column::Columns), and the carrier of the rows that name none.
  columns JSONB,
  carrier TEXT NOT NULL DEFAULT '' CHECK (length(carrier) <= 200),
  -- What came of it last.
  batch_id UUID REFERENCES batches ON DELETE SET NULL,
  CHECK (batch_id IS NULL OR columns IS NOT NULL)
);
CREATE INDEX imports_by_user ON imports (user_id, created_at);
CREATE INDEX imports_by_hash ON imports (user_id, sha256);
CREATE INDEX imports_by_columns ON imports (user_id, fingerprint, created_at) WHERE columns IS NOT NULL;
CREATE INDEX imports_by_batch ON imports (batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX imports_to_forget ON imports (created_at) WHERE content IS NOT NULL;
-- Like its batch: for who works for one of its accounts. Every query names the user as well.
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON imports TO comptoir_desk USING (accounts && (SELECT visible_accounts())::text[]);
GRANT SELECT, INSERT ON imports TO comptoir_desk;
GRANT UPDATE (columns, carrier, batch_id) ON imports TO comptoir_desk;

-- Many orders at once: what somebody wants done to each of them, before it is promised and after (domain::batch).
CREATE TABLE batches (
  batch_id UUID PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users,
  -- The seller accounts whose orders it is about. Their worker keeps the promises.
  accounts TEXT[] NOT NULL CHECK (cardinality(accounts) > 0),
  purpose TEXT NOT NULL CHECK (purpose IN ('accept', 'ship', 'print')),
  origin TEXT NOT NULL CHECK (origin IN ('list', 'file', 'retry')),
  file_name TEXT CHECK (length(file_name) <= 200),
  -- The batch whose failed rows these are: they are taken up once.
  retry_of UUID UNIQUE REFERENCES batches ON DELETE SET NULL,
  created_at TIMESTAMPTZ NOT NULL,
  row_count INTEGER NOT NULL,
  -- Grows with each change of a row, so that nobody confirms what they have not seen.
  revision INTEGER NOT NULL DEFAULT 0,
  confirmed_at TIMESTAMPTZ,
  -- The deployer's setting at that moment, for accounts without one of their own.
  send_delay_seconds INTEGER,
  CHECK ((origin = 'file') = (file_name IS NOT NULL)),
  CHECK ((confirmed_at IS NULL) = (send_delay_seconds IS NULL))
);
CREATE INDEX batches_by_user ON batches (user_id, created_at);
-- For their retention.
CREATE INDEX batches_by_age ON batches ((accounts[1]), created_at);
-- Somebody who loses all of its accounts loses the batch; of what is in it, the rows' own policy decides.
ALTER TABLE batches ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON batches TO comptoir_desk USING (accounts && (SELECT visible_accounts())::text[]);
GRANT SELECT, INSERT ON batches TO comptoir_desk;
GRANT UPDATE (revision, confirmed_at, send_delay_seconds) ON batches TO comptoir_desk;

-- Whether a row is possible is not stored: it is asked of the rules whenever somebody looks, and again under the
-- order's lock when its promise is made.
CREATE TABLE batch_rows (
  -- Of a row whose order was not found: the first account that was looked through.
  account_id TEXT NOT NULL REFERENCES accounts,
  batch_id UUID NOT NULL REFERENCES batches ON DELETE CASCADE,
  -- Where it stands: in the selection from 1, in a file the line.
  position INTEGER NOT NULL,
  order_id TEXT,
  -- The number as somebody typed it, where the order was not found.
  order_text TEXT NOT NULL DEFAULT '',
  -- What is to be declared; empty where nothing was typed, and for purposes that need nothing.
  carrier TEXT NOT NULL DEFAULT '',
  parcel_number TEXT NOT NULL DEFAULT '',
  tracking_url TEXT NOT NULL DEFAULT '',
  -- draft until the batch is confirmed; then chosen until its promise is made, or it is stopped, with the reason.
  state TEXT NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'chosen', 'promised', 'stopped')),
  promise_id UUID,
  -- Why there is no promise (domain::batch::Stopped).
  stopped JSONB,
  -- The worker that makes the promise; one that dies gives it back by doing nothing.
  lease_until TIMESTAMPTZ,
  PRIMARY KEY (account_id, batch_id, position),
  FOREIGN KEY (account_id, order_id) REFERENCES orders,
  FOREIGN KEY (account_id, promise_id) REFERENCES promises,
  CHECK (order_id IS NOT NULL OR order_text <> ''),
  CHECK ((state = 'promised') = (promise_id IS NOT NULL)),
  CHECK ((state = 'stopped') = (stopped IS NOT NULL))
);
CREATE INDEX batch_rows_chosen ON batch_rows (account_id, batch_id, position) WHERE state = 'chosen';
-- For the retention of the links, which some carriers make of the postcode.
CREATE INDEX batch_rows_with_links ON batch_rows (account_id, order_id) WHERE tracking_url <> '';
ALTER TABLE batch_rows ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON batch_rows TO comptoir_desk USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT, INSERT ON batch_rows TO comptoir_desk;
GRANT UPDATE (carrier, parcel_number, tracking_url, state, stopped) ON batch_rows TO comptoir_desk;

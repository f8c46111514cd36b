-- The seller accounts, and how far each one's mirror is.
CREATE TABLE accounts (
  -- A short word of the deployer's, part of the pages' addresses.
  account_id TEXT PRIMARY KEY CHECK (account_id ~ '^[a-z0-9][a-z0-9-]{0,29}$'),
  name TEXT NOT NULL,
  -- The marketplace's number for the seller.
  seller_id TEXT NOT NULL,
  -- IANA name: "today" is this zone's day.
  time_zone TEXT NOT NULL,
  position INTEGER NOT NULL DEFAULT 0
);

-- What is known of each channel's rules. What nobody stated is forbidden.
CREATE TABLE channels (
  account_id TEXT NOT NULL REFERENCES accounts,
  channel_id TEXT NOT NULL,
  name TEXT NOT NULL,
  acceptance BOOLEAN NOT NULL,
  partial_shipment BOOLEAN NOT NULL,
  several_parcels BOOLEAN NOT NULL,
  line_in_several_parcels BOOLEAN NOT NULL,
  PRIMARY KEY (account_id, channel_id)
);

CREATE TABLE carriers (
  account_id TEXT NOT NULL REFERENCES accounts,
  -- What is sent as carrierName; codes are not unique at the marketplace.
  label TEXT NOT NULL,
  PRIMARY KEY (account_id, label)
);

CREATE TABLE sync_states (
  account_id TEXT PRIMARY KEY REFERENCES accounts,
  -- Everything the marketplace changed up to here is mirrored. Its time, never ours.
  cursor_at TIMESTAMPTZ,
  -- Where the first read began, and how many orders it had to bring.
  backfill_from TIMESTAMPTZ,
  backfill_total BIGINT,
  backfill_read BIGINT NOT NULL DEFAULT 0,
  backfilled_at TIMESTAMPTZ,
  last_attempt_at TIMESTAMPTZ,
  last_success_at TIMESTAMPTZ,
  -- The cause of the current failure, a word of ours; NULL while all is well.
  failure TEXT,
  failure_words TEXT,
  failing_since TIMESTAMPTZ,
  failures INTEGER NOT NULL DEFAULT 0,
  next_pull_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch',
  swept_at TIMESTAMPTZ,
  carriers_read_at TIMESTAMPTZ,
  -- One worker at a time reads an account.
  lease_owner UUID,
  lease_until TIMESTAMPTZ
);

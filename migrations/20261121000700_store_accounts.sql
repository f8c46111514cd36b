-- Seller accounts that the pages set up (docs/adr/0011). An account of the deployer's file has no row in
-- account_credentials, or one that rests while the file names the account.
ALTER TABLE accounts
  -- Written by the process that reads the file, for the pages.
  ADD COLUMN in_file BOOLEAN NOT NULL DEFAULT FALSE,
  ADD COLUMN reading_paused_at TIMESTAMPTZ,
  ADD COLUMN reading_paused_by BIGINT REFERENCES users (user_id);

CREATE TABLE account_credentials (
  account_id TEXT PRIMARY KEY REFERENCES accounts,
  client_id TEXT NOT NULL,
  -- XChaCha20-Poly1305: nonce and ciphertext, under the key of that name (src/secrets.rs).
  client_secret BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  -- The last four characters, so that people can tell which secret it is; empty for a short one.
  secret_end TEXT NOT NULL CHECK (length(secret_end) IN (0, 4)),
  base_url TEXT NOT NULL,
  token_url TEXT NOT NULL,
  -- NULL is no limit.
  requests_per_second INTEGER CHECK (requests_per_second > 0),
  -- NULL follows the deployer's setting.
  sync_interval_seconds INTEGER CHECK (sync_interval_seconds > 0),
  -- Grows with each change of anything that a worker must know; the sum over all tells that one changed.
  version BIGINT NOT NULL DEFAULT 1,
  changed_at TIMESTAMPTZ NOT NULL,
  changed_by BIGINT REFERENCES users (user_id),
  -- NULL when they were saved untested.
  tested_at TIMESTAMPTZ
);

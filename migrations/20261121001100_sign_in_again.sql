ALTER TABLE sessions
  -- When its user last proved who they are. Some things take that to be recent (`reliability` S-5).
  ADD COLUMN authenticated_at TIMESTAMPTZ;
UPDATE sessions SET authenticated_at = created_at;
ALTER TABLE sessions ALTER COLUMN authenticated_at SET NOT NULL;

ALTER TABLE sign_in_tries
  -- When the audit last heard that tries of this subject are refused: once per while, else whoever floods us
  -- would fill the audit, from which nothing can be taken away.
  ADD COLUMN noted_at TIMESTAMPTZ;

ALTER TABLE second_factors
  -- The key that sealed the secret (src/secrets.rs). NULL for one from before this migration, which stands there
  -- in clear until the next start with a key seals it.
  ADD COLUMN key_id TEXT,
  DROP CONSTRAINT second_factors_secret_check,
  ADD CONSTRAINT second_factors_secret_check CHECK ((key_id IS NULL) = (octet_length(secret) = 20));

-- How often somebody tried to sign in lately (`reliability` S-3). Here and not in a process, because several
-- processes share one limit.
CREATE TABLE sign_in_tries (
  -- 'account' counts passwords for one e-mail address, 'code' second factors of one user, 'address' both from
  -- one place on the network.
  bucket TEXT NOT NULL CHECK (bucket IN ('account', 'code', 'address')),
  -- A hash: people type passwords into the field for the address, and a table of who tried from where is
  -- nobody's business.
  subject BYTEA NOT NULL,
  -- In a row, since the last success.
  failures INTEGER NOT NULL,
  -- The last few, the latest last.
  recent TIMESTAMPTZ[] NOT NULL,
  last_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (bucket, subject)
);
CREATE INDEX sign_in_tries_by_age ON sign_in_tries (last_at);

ALTER TABLE sessions
  -- What people name a session by when they end it. It opens nothing.
  ADD COLUMN session_id BIGINT GENERATED ALWAYS AS IDENTITY UNIQUE,
  -- From the data, so that it cannot say anything else.
  ADD COLUMN user_id BIGINT GENERATED ALWAYS AS ((data ->> 'user_id')::bigint) STORED REFERENCES users,
  -- Sessions from before this migration count as seen now.
  ADD COLUMN last_seen_at TIMESTAMPTZ NOT NULL DEFAULT now();
ALTER TABLE sessions ALTER COLUMN last_seen_at DROP DEFAULT;
CREATE INDEX sessions_by_user ON sessions (user_id);

-- A user's app that shows codes (RFC 6238).
CREATE TABLE second_factors (
  user_id BIGINT PRIMARY KEY REFERENCES users,
  secret BYTEA NOT NULL CHECK (octet_length(secret) = 20),
  -- NULL until the first code was typed: asking for codes of an app that was never set up would lock its user
  -- out.
  confirmed_at TIMESTAMPTZ,
  -- The time step of the last code taken; that one and the ones before it are worth nothing any more.
  last_step BIGINT NOT NULL
);

-- What opens the door once each when the telephone is lost. 80 random bits need no slow hash.
CREATE TABLE recovery_codes (
  user_id BIGINT NOT NULL REFERENCES second_factors ON DELETE CASCADE,
  code_hash BYTEA NOT NULL,
  used_at TIMESTAMPTZ,
  PRIMARY KEY (user_id, code_hash)
);

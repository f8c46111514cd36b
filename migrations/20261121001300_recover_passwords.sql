-- A link with which a user chooses a new password. One per user: another one takes its place.
CREATE TABLE password_links (
  user_id BIGINT PRIMARY KEY REFERENCES users,
  -- The token is a secret: only its hash is kept.
  token_hash BYTEA NOT NULL UNIQUE,
  expires_at TIMESTAMPTZ NOT NULL
);

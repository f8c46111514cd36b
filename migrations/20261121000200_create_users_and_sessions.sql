CREATE TABLE users (
  user_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Lower case.
  email TEXT NOT NULL UNIQUE CHECK (email = lower(email)),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('viewer', 'warehouse', 'service', 'manager', 'admin')),
  -- PHC string, argon2id.
  password_hash TEXT NOT NULL,
  active BOOLEAN NOT NULL DEFAULT TRUE,
  -- 'en' or 'fr', 'light' or 'dark'; NULL follows the browser.
  language TEXT CHECK (language IN ('en', 'fr')),
  theme TEXT CHECK (theme IN ('light', 'dark')),
  created_at TIMESTAMPTZ NOT NULL
);

-- The identifier in the cookie is a secret: only its hash is kept.
CREATE TABLE sessions (
  id_hash BYTEA PRIMARY KEY,
  data JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

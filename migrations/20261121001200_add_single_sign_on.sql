-- Who a user is at the company's own sign-in (OpenID Connect). Bound at the first sign-in, by an e-mail address
-- that the provider has verified; from then on only issuer and subject count, because an address can be given
-- to somebody else, and a subject never is.
CREATE TABLE identities (
  issuer TEXT NOT NULL,
  subject TEXT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users,
  bound_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (issuer, subject),
  -- A user is one person there: the next one with the same address does not get in.
  UNIQUE (user_id, issuer)
);

-- Who was sent to the provider and has not come back yet. A row counts for ten minutes and once.
CREATE TABLE provider_visits (
  -- The secret is in a cookie of the browser that went there: only its hash is kept.
  browser_hash BYTEA PRIMARY KEY,
  state TEXT NOT NULL,
  nonce TEXT NOT NULL,
  -- PKCE: worth nothing without the code, which comes with the browser.
  verifier TEXT NOT NULL,
  -- Where they wanted to go.
  next TEXT NOT NULL,
  -- Who has to come back, where somebody signed in proves again who they are.
  user_id BIGINT REFERENCES users,
  begun_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX provider_visits_by_age ON provider_visits (begun_at);

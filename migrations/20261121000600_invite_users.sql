ALTER TABLE users
  -- IANA name; NULL follows the account.
  ADD COLUMN time_zone TEXT,
  ADD COLUMN last_seen_at TIMESTAMPTZ;

-- A link that makes a user. Its token is a secret: only its hash is kept.
CREATE TABLE invitations (
  invitation_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash BYTEA NOT NULL UNIQUE,
  -- Lower case. NULL: the set-up link of a start without users, whose first admin names their own.
  email TEXT CHECK (email = lower(email)),
  role TEXT NOT NULL CHECK (role IN ('viewer', 'warehouse', 'service', 'manager', 'admin')),
  invited_by BIGINT REFERENCES users,
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  accepted_by BIGINT UNIQUE REFERENCES users,
  withdrawn_at TIMESTAMPTZ,
  CHECK ((email IS NULL) = (invited_by IS NULL)),
  CHECK (accepted_by IS NULL OR withdrawn_at IS NULL)
);
-- One open link per address. The workflow withdraws the older one first; this is the second lock on the door.
CREATE UNIQUE INDEX invitations_open ON invitations (email)
  WHERE accepted_by IS NULL AND withdrawn_at IS NULL;

-- The accounts that a user is limited to; a user without any works for all of them. An account that
-- somebody is limited to is never deleted: with its last row, the limit would turn into its opposite.
CREATE TABLE user_accounts (
  account_id TEXT NOT NULL REFERENCES accounts,
  user_id BIGINT NOT NULL REFERENCES users,
  PRIMARY KEY (account_id, user_id)
);
CREATE INDEX user_accounts_by_user ON user_accounts (user_id);

CREATE TABLE invitation_accounts (
  account_id TEXT NOT NULL REFERENCES accounts,
  invitation_id BIGINT NOT NULL REFERENCES invitations,
  PRIMARY KEY (account_id, invitation_id)
);
CREATE INDEX invitation_accounts_by_invitation ON invitation_accounts (invitation_id);

-- Who works for which account.
CREATE VIEW workplaces AS
  SELECT u.user_id, a.account_id
  FROM users AS u CROSS JOIN accounts AS a
  WHERE NOT EXISTS (SELECT FROM user_accounts AS l WHERE l.user_id = u.user_id)
     OR EXISTS (SELECT FROM user_accounts AS l
                WHERE l.user_id = u.user_id AND l.account_id = a.account_id);

-- What somebody gave today, for the ceiling of their role.
CREATE INDEX promises_gestures_by_user ON promises (account_id, user_id, created_at)
  WHERE kind = 'gesture';

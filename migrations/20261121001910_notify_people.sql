-- What somebody should hear of without looking for it. A row is one person's, and of one seller account, so that
-- it goes out of sight with the account. It holds order numbers and counts, and nothing of a customer.
CREATE TABLE notifications (
  account_id TEXT NOT NULL REFERENCES accounts,
  notification_id BIGINT GENERATED ALWAYS AS IDENTITY,
  user_id BIGINT NOT NULL REFERENCES users,
  -- domain::notification::Fact
  fact JSONB NOT NULL,
  -- What it is about: the same is told to the same person once.
  subject TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  read_at TIMESTAMPTZ,
  PRIMARY KEY (account_id, notification_id),
  UNIQUE (account_id, user_id, subject)
);
CREATE INDEX notifications_of_user ON notifications (user_id, notification_id);
CREATE INDEX notifications_unread ON notifications (user_id, account_id) WHERE read_at IS NULL;
ALTER TABLE notifications ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON notifications TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON notifications TO comptoir_desk;
GRANT UPDATE (read_at) ON notifications TO comptoir_desk;

-- Promises whose end was told, so that each is told once, however many workers look.
CREATE TABLE told_promises (
  account_id TEXT NOT NULL,
  promise_id UUID NOT NULL,
  state TEXT NOT NULL,
  told_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, promise_id, state),
  FOREIGN KEY (account_id, promise_id) REFERENCES promises ON DELETE CASCADE
);
CREATE INDEX told_promises_by_age ON told_promises (account_id, told_at);
ALTER TABLE told_promises ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON told_promises TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));

ALTER TABLE sync_states
  -- The last deadline (orders.rank) that was told as near, and when.
  ADD COLUMN due_told_rank BIGINT NOT NULL DEFAULT 0,
  ADD COLUMN due_told_at TIMESTAMPTZ;

-- What a user chose. No row: nothing by e-mail, and the digest at eight.
CREATE TABLE notification_choices (
  user_id BIGINT PRIMARY KEY REFERENCES users,
  -- The kinds that come by e-mail too.
  mailed TEXT[] NOT NULL DEFAULT '{}',
  -- The hour of the daily digest in the user's zone; NULL for none.
  digest_hour SMALLINT DEFAULT 8 CHECK (digest_hour BETWEEN 0 AND 23)
);

-- The last day of each user whose digest was made.
CREATE TABLE digests (
  user_id BIGINT PRIMARY KEY REFERENCES users,
  day DATE NOT NULL
);

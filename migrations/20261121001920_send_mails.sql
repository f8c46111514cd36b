-- Notifications that leave the house. Each has a row of its own, in the transaction that made it.

-- By e-mail: one row per notification and person; what waits for the same person goes in one letter. "sending" is
-- written before the first byte leaves. What was found in that state later may have arrived, and is not sent again.
CREATE TABLE mails (
  account_id TEXT NOT NULL,
  notification_id BIGINT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sending', 'sent', 'in_doubt', 'refused', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TIMESTAMPTZ NOT NULL,
  lease_until TIMESTAMPTZ,
  -- Which letter it is in.
  letter_id UUID,
  PRIMARY KEY (account_id, notification_id),
  FOREIGN KEY (account_id, notification_id) REFERENCES notifications ON DELETE CASCADE
);
CREATE INDEX mails_due ON mails (next_at) WHERE state = 'queued';
CREATE INDEX mails_of_user ON mails (user_id, next_at) WHERE state = 'queued';
CREATE INDEX mails_under_way ON mails (lease_until) WHERE state = 'sending';
CREATE INDEX mails_of_letter ON mails (letter_id) WHERE letter_id IS NOT NULL;
ALTER TABLE mails ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON mails TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));

-- To the company's own program: once per thing to tell, until it is taken or given up.
CREATE TABLE webhook_calls (
  account_id TEXT NOT NULL REFERENCES accounts,
  call_id UUID NOT NULL,
  -- domain::notification::Fact
  fact JSONB NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  subject TEXT NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_at TIMESTAMPTZ NOT NULL,
  lease_until TIMESTAMPTZ,
  -- When it was taken, or given up.
  done_at TIMESTAMPTZ,
  taken BOOLEAN NOT NULL DEFAULT FALSE,
  PRIMARY KEY (account_id, call_id),
  UNIQUE (account_id, subject)
);
CREATE INDEX webhook_calls_due ON webhook_calls (next_at) WHERE done_at IS NULL;
ALTER TABLE webhook_calls ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON webhook_calls TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));

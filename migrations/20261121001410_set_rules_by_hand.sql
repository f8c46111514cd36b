-- Whether an admin said what the channel allows: a rule that differs from the documents' was else set by the
-- deployer's file.
ALTER TABLE channels ADD COLUMN set_by_hand BOOLEAN NOT NULL DEFAULT FALSE;

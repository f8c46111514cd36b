-- What the staff tell each other about an order. Never sent to the marketplace. It may speak of the customer, and
-- goes with them (docs/PRIVACY.md).
CREATE TABLE order_notes (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  -- Born in the form: the same form sent twice is one note.
  note_id UUID NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users,
  at TIMESTAMPTZ NOT NULL,
  text TEXT NOT NULL CHECK (char_length(text) BETWEEN 1 AND 2000),
  PRIMARY KEY (account_id, order_id, note_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders
);
ALTER TABLE order_notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON order_notes TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT, INSERT ON order_notes TO comptoir_desk;

-- Who may be given an order of that account: whoever is active and works for it. A function, because pages read
-- nothing of users but names.
CREATE FUNCTION colleagues(of_account TEXT) RETURNS TABLE (user_id BIGINT, name TEXT, role TEXT)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
  BEGIN ATOMIC
    SELECT u.user_id, u.name, u.role FROM users AS u
    JOIN workplaces AS w ON w.user_id = u.user_id AND w.account_id = of_account
    WHERE u.active AND of_account = ANY (visible_accounts())
    ORDER BY u.name, u.user_id;
  END;
REVOKE EXECUTE ON FUNCTION colleagues(TEXT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION colleagues(TEXT) TO comptoir_desk;

-- Who has an order open: a courtesy, that two people do not do the same work. It keeps nobody from anything, ends by
-- itself unless it is renewed, and goes then: nobody keeps a record of who looked at what.
CREATE TABLE order_claims (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  user_id BIGINT NOT NULL REFERENCES users,
  begun_at TIMESTAMPTZ NOT NULL,
  ends_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, order_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders
);
ALTER TABLE order_claims ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON order_claims TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT, INSERT, UPDATE (user_id, begun_at, ends_at), DELETE ON order_claims TO comptoir_desk;

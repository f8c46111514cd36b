-- Who did what, when and from where: only ever added to, and each row carries the hash of the one before, so
-- that a row changed or taken away later shows (`reliability` S-21, domain::audit).
CREATE TABLE audit (
  -- 1, 2, 3 … without gaps: a number that is missing is a row that was taken away.
  seq BIGINT PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  actor TEXT NOT NULL CHECK (actor IN ('person', 'comptoir', 'marketplace', 'import')),
  -- NULL for a person whom nobody knows: a sign-in that failed.
  user_id BIGINT REFERENCES users,
  -- Empty for what concerns no seller account: it is then a range of the indexes like any other. No foreign
  -- keys: the audit outlives what it speaks of.
  account_id TEXT NOT NULL,
  order_id TEXT,
  topic TEXT NOT NULL,
  outcome TEXT NOT NULL,
  -- With `details`, domain::audit::Act. Neither personal data nor secrets: nothing can be erased here.
  kind TEXT NOT NULL,
  details JSONB NOT NULL,
  request_id TEXT,
  peer TEXT,
  previous BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  CHECK (user_id IS NULL OR actor IN ('person', 'import'))
);
-- A page is one range per account of one of these, and per topic and outcome where those are asked for
-- (db::audit).
CREATE INDEX audit_by_time ON audit (account_id, at, seq);
CREATE INDEX audit_by_topic ON audit (account_id, topic, outcome, at, seq);
CREATE INDEX audit_by_user ON audit (account_id, user_id, at, seq);
CREATE INDEX audit_by_user_and_topic ON audit (account_id, user_id, topic, outcome, at, seq);
CREATE INDEX audit_by_order ON audit (account_id, order_id, at, seq) WHERE order_id IS NOT NULL;

-- The end of the chain. Its row lock makes writers take turns.
CREATE TABLE audit_head (
  the_only BOOLEAN PRIMARY KEY DEFAULT TRUE CHECK (the_only),
  seq BIGINT NOT NULL,
  hash BYTEA NOT NULL
);
INSERT INTO audit_head (seq, hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Where entries are written, in the transaction of the change they speak of. They join the chain when that
-- transaction commits: whoever held the head for longer would hold up everybody, and could wait for an order
-- that another writer has locked. So nobody but the writer ever sees a row here.
CREATE TABLE audit_inbox (
  note_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at TIMESTAMPTZ NOT NULL,
  actor TEXT NOT NULL,
  user_id BIGINT,
  account_id TEXT NOT NULL,
  order_id TEXT,
  topic TEXT NOT NULL,
  outcome TEXT NOT NULL,
  kind TEXT NOT NULL,
  details JSONB NOT NULL,
  request_id TEXT,
  peer TEXT
);

-- A field with its length in bytes, so that no two rows read the same when their fields stand in a line.
-- domain::audit::chain says the same in Rust, for whoever checks.
CREATE FUNCTION audit_field(field TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE
  RETURN coalesce(octet_length(field) || ':' || field, '-');

-- Runs with its owner's rights: a role that may only write notes needs none on the chain itself.
CREATE FUNCTION chain_audit() RETURNS trigger LANGUAGE plpgsql
  SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  head audit_head;
  link BYTEA;
BEGIN
  SELECT * INTO STRICT head FROM audit_head FOR UPDATE;
  link := sha256(head.hash || convert_to(concat(
    audit_field((head.seq + 1)::text),
    audit_field((extract(epoch FROM NEW.at) * 1000000)::bigint::text),
    audit_field(NEW.actor),
    audit_field(NEW.user_id::text),
    audit_field(NEW.account_id),
    audit_field(NEW.order_id),
    audit_field(NEW.topic),
    audit_field(NEW.outcome),
    audit_field(NEW.kind),
    audit_field(NEW.details::text),
    audit_field(NEW.request_id),
    audit_field(NEW.peer)), 'UTF8'));
  INSERT INTO audit (seq, at, actor, user_id, account_id, order_id, topic, outcome, kind, details,
    request_id, peer, previous, hash)
  VALUES (head.seq + 1, NEW.at, NEW.actor, NEW.user_id, NEW.account_id, NEW.order_id, NEW.topic,
    NEW.outcome, NEW.kind, NEW.details, NEW.request_id, NEW.peer, head.hash, link);
  UPDATE audit_head SET seq = head.seq + 1, hash = link;
  DELETE FROM audit_inbox WHERE note_id = NEW.note_id;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER chain_audit AFTER INSERT ON audit_inbox
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION chain_audit();

CREATE TRIGGER audit_is_final BEFORE UPDATE OR DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_is_never_emptied BEFORE TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_head_stays BEFORE DELETE OR TRUNCATE ON audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_inbox_is_never_emptied BEFORE TRUNCATE ON audit_inbox
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

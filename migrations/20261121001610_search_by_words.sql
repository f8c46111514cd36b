-- What orders are found by beside their numbers (`product` A12): who they are for, and what was bought, in the words of
-- the mirror. Trigrams forgive typing mistakes; PostgreSQL lets the owner of a database create this extension.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- Small letters without accents: nobody types them the way the customer did.
CREATE FUNCTION search_text(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN replace(replace(translate(
    regexp_replace(normalize(lower(words), NFD), '[\u0300-\u036f]', '', 'g'), 'łøđı’', 'lodi'''),
    'œ', 'oe'), 'æ', 'ae');

-- What LIKE takes for itself and nothing else.
CREATE FUNCTION escaped(words TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN regexp_replace(words, '([\\%_])', '\\\1', 'g');

-- Who an address (domain::address::Address) is of, in words.
CREATE FUNCTION search_names(address JSONB) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN concat_ws('|',
    nullif(concat_ws(' ', address ->> 'first_name', address ->> 'last_name'), ''), address ->> 'company',
    address ->> 'city');
-- And what is only ever asked for as a whole. Of a telephone number the last nine digits: some write the country's
-- code, and some a zero.
CREATE FUNCTION search_contacts(address JSONB) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN concat_ws('|', address ->> 'email', address ->> 'postal_code',
    nullif(right(regexp_replace(address ->> 'phone', '\D', '', 'g'), 9), ''));

-- A table of its own: its indexes are large, and an order changes far more often than what is written here. `people`
-- and `contacts` go with the customer (docs/PRIVACY.md); they are made from nothing but the mirror, so that they cannot
-- hold more. Parts stand between bars. Names stand apart, because comparing words costs as much as there is text.
CREATE TABLE order_search (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  -- The newest come first among equals.
  created_at TIMESTAMPTZ NOT NULL,
  people TEXT NOT NULL,
  contacts TEXT NOT NULL,
  goods TEXT NOT NULL,
  PRIMARY KEY (account_id, order_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders ON DELETE CASCADE
);

-- What is to be written there of some orders. One definition, for what comes and for what was there before.
CREATE FUNCTION search_words(account TEXT, ids TEXT[]) RETURNS SETOF order_search LANGUAGE sql STABLE
  BEGIN ATOMIC
    SELECT o.account_id, o.order_id, o.created_at,
           search_text('|' || concat_ws('|', search_names(o.shipping),
             CASE WHEN search_names(o.billing) <> search_names(o.shipping) THEN search_names(o.billing) END)
             || '|'),
           search_text('|' || concat_ws('|', search_contacts(o.shipping), search_contacts(o.billing),
             o.customer_reference) || '|'),
           search_text('|' || coalesce(string_agg(DISTINCT concat_ws('|', l.sku, l.offer_id, l.gtin, l.title),
             '|'), '') || '|')
    FROM orders AS o
    LEFT JOIN order_lines AS l ON l.account_id = o.account_id AND l.order_id = o.order_id
    WHERE o.account_id = account AND o.order_id = ANY (ids)
    GROUP BY o.account_id, o.order_id;
  END;

INSERT INTO order_search
SELECT w.* FROM (SELECT account_id, array_agg(order_id) AS ids FROM orders GROUP BY account_id) AS a
CROSS JOIN LATERAL search_words(a.account_id, a.ids) AS w;

CREATE INDEX order_search_by_people ON order_search USING gin (people gin_trgm_ops);
CREATE INDEX order_search_by_contacts ON order_search USING gin (contacts gin_trgm_ops);
CREATE INDEX order_search_by_goods ON order_search USING gin (goods gin_trgm_ops);

ALTER TABLE order_search ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON order_search TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON order_search TO comptoir_desk;

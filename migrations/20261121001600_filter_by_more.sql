-- What a list is filtered by beside its ranges is asked of each entry that is walked (docs/adr/0006). It stands in
-- the indexes, so that walking years of history for a rare country reads neighboring entries and not scattered rows.

-- The carriers of the parcels, as the marketplace told them last: a list asks for one without reading parcels.
-- At most 60 characters each, as the country: an entry of an index has room for 2 700 bytes.
ALTER TABLE orders ADD COLUMN carriers TEXT[];
UPDATE orders AS o
SET carriers = p.carriers
FROM (SELECT account_id, order_id, array_agg(DISTINCT left(carrier, 60) ORDER BY left(carrier, 60)) AS carriers
      FROM parcels GROUP BY account_id, order_id) AS p
WHERE p.account_id = o.account_id AND p.order_id = o.order_id;
UPDATE orders SET country = left(country, 60) WHERE length(country) > 60;

DROP INDEX orders_by_rank, orders_by_bucket_and_rank, orders_by_age, orders_by_bucket_and_age;
CREATE INDEX orders_by_rank ON orders (account_id, rank, order_id COLLATE "C")
  INCLUDE (created_at, business, country, carriers, selling_total, promise_state, assigned_to, note_count);
CREATE INDEX orders_by_bucket_and_rank
  ON orders (account_id, status, channel_id, supply_mode, rank, order_id COLLATE "C")
  INCLUDE (created_at, business, country, carriers, selling_total, promise_state, assigned_to, note_count);
CREATE INDEX orders_by_age ON orders (account_id, age, order_id COLLATE "C")
  INCLUDE (created_at, business, country, carriers, selling_total, promise_state, assigned_to, note_count);
CREATE INDEX orders_by_bucket_and_age
  ON orders (account_id, status, channel_id, supply_mode, age, order_id COLLATE "C")
  INCLUDE (created_at, business, country, carriers, selling_total, promise_state, assigned_to, note_count);

-- The words that there are to choose from, so that no list has to look through all orders for them. Only ever
-- added to: what no order has any more leads to an empty list.
CREATE TABLE order_facets (
  account_id TEXT NOT NULL REFERENCES accounts,
  facet TEXT NOT NULL CHECK (facet IN ('country', 'carrier')),
  word TEXT NOT NULL,
  PRIMARY KEY (account_id, facet, word)
);
INSERT INTO order_facets
SELECT DISTINCT account_id, 'country', country FROM orders WHERE country <> ''
UNION
SELECT DISTINCT account_id, 'carrier', unnest(carriers) FROM orders;
ALTER TABLE order_facets ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON order_facets TO comptoir_desk
  USING (account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON order_facets TO comptoir_desk;

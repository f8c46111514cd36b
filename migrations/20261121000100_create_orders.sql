-- The mirror. Statuses, supply modes and names are the marketplace's words, kept as they came.
CREATE TABLE orders (
  account_id TEXT NOT NULL REFERENCES accounts,
  order_id TEXT NOT NULL,
  reference TEXT,
  channel_id TEXT NOT NULL,
  channel_name TEXT NOT NULL,
  business BOOLEAN NOT NULL,
  status TEXT NOT NULL,
  -- Who ships the order: Seller as soon as one line is the seller's.
  supply_mode TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  updated_at TIMESTAMPTZ NOT NULL,
  ship_by TIMESTAMPTZ,
  -- The place in the queue (domain::deadline): deadlines first, then the other open orders, then history.
  rank BIGINT NOT NULL,
  -- The place in the list of the newest (domain::deadline).
  age BIGINT NOT NULL,
  customer_reference TEXT,
  payment_method TEXT,
  -- For the list: the name and town to show, the first line, how many lines and pieces.
  customer_name TEXT,
  postal_code TEXT,
  city TEXT,
  country TEXT,
  first_quantity INTEGER NOT NULL,
  first_title TEXT NOT NULL,
  first_sku TEXT,
  line_count INTEGER NOT NULL,
  piece_count INTEGER NOT NULL,
  currency TEXT NOT NULL,
  selling_total NUMERIC NOT NULL,
  offer_total NUMERIC,
  service_fees JSONB NOT NULL,
  billing JSONB,
  shipping JSONB,
  -- The last promise made for the order, so that a list needs no second table.
  promise_kind TEXT,
  promise_state TEXT,
  promise_at TIMESTAMPTZ,
  first_seen_at TIMESTAMPTZ NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  -- The fingerprint of the marketplace's JSON: an order that comes again unchanged is not written again.
  raw_hash BIGINT NOT NULL,
  PRIMARY KEY (account_id, order_id)
);

-- A list is one range of one of these, whatever is filtered (db::order_list).
-- Identifiers sort by their bytes, as they do in the program that merges the ranges: a database's own
-- collation need not agree, and pages would then repeat orders and lose others. The date of creation comes
-- along, so that a filter on it does not have to visit the rows.
CREATE INDEX orders_by_rank ON orders (account_id, rank, order_id COLLATE "C") INCLUDE (created_at);
CREATE INDEX orders_by_bucket_and_rank
  ON orders (account_id, status, channel_id, supply_mode, rank, order_id COLLATE "C")
  INCLUDE (created_at);
CREATE INDEX orders_by_age ON orders (account_id, age, order_id COLLATE "C") INCLUDE (created_at);
CREATE INDEX orders_by_bucket_and_age
  ON orders (account_id, status, channel_id, supply_mode, age, order_id COLLATE "C")
  INCLUDE (created_at);
CREATE INDEX orders_by_reference ON orders (account_id, reference) WHERE reference IS NOT NULL;

CREATE TABLE order_lines (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  line_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  status TEXT NOT NULL,
  supply_mode TEXT NOT NULL,
  quantity INTEGER NOT NULL,
  offer_id TEXT,
  sku TEXT,
  title TEXT NOT NULL,
  gtin TEXT,
  condition TEXT,
  offer_unit_price NUMERIC,
  selling_unit_price NUMERIC,
  shipping_cost NUMERIC,
  commission NUMERIC,
  commission_rate NUMERIC,
  vat_rate NUMERIC,
  delivery_mode TEXT,
  promised_from TIMESTAMPTZ,
  promised_to TIMESTAMPTZ,
  PRIMARY KEY (account_id, order_id, line_id),
  FOREIGN KEY (account_id, order_id) REFERENCES orders ON DELETE CASCADE
);

CREATE TABLE parcels (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  parcel_number TEXT NOT NULL,
  carrier TEXT NOT NULL,
  tracking_url TEXT,
  line_ids TEXT[] NOT NULL,
  PRIMARY KEY (account_id, order_id, parcel_number),
  FOREIGN KEY (account_id, order_id) REFERENCES orders ON DELETE CASCADE
);
CREATE INDEX parcels_by_number ON parcels (account_id, parcel_number);

-- The marketplace's JSON as received, for questions that the columns cannot answer. Text and not JSONB,
-- so that nothing is lost in between.
CREATE TABLE order_raw (
  account_id TEXT NOT NULL,
  order_id TEXT NOT NULL,
  received_at TIMESTAMPTZ NOT NULL,
  raw TEXT COMPRESSION lz4 NOT NULL,
  PRIMARY KEY (account_id, order_id)
);
-- Compress already what is over 256 bytes: a row of this table is some 3 kB otherwise.
ALTER TABLE order_raw SET (toast_tuple_target = 256);

-- Orders that could not be read: never dropped, shown on the sync page until a reading succeeds.
CREATE TABLE order_faults (
  account_id TEXT NOT NULL REFERENCES accounts,
  order_id TEXT NOT NULL,
  problem TEXT NOT NULL,
  raw TEXT COMPRESSION lz4 NOT NULL,
  first_seen_at TIMESTAMPTZ NOT NULL,
  last_seen_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (account_id, order_id)
);

-- How many orders are in each bucket, kept by the trigger below in the transaction that changes them.
CREATE TABLE order_counts (
  account_id TEXT NOT NULL REFERENCES accounts,
  status TEXT NOT NULL,
  channel_id TEXT NOT NULL,
  supply_mode TEXT NOT NULL,
  orders BIGINT NOT NULL,
  PRIMARY KEY (account_id, status, channel_id, supply_mode)
);

-- One statement's changes, summed up per bucket. Buckets are touched in one order, so that two statements
-- cannot wait for each other.
CREATE FUNCTION count_orders() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO order_counts AS c
    SELECT account_id, status, channel_id, supply_mode, count(*)
    FROM new_orders
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (account_id, status, channel_id, supply_mode)
    DO UPDATE SET orders = c.orders + excluded.orders;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO order_counts AS c
    SELECT account_id, status, channel_id, supply_mode, sum(n)
    FROM (
      SELECT account_id, status, channel_id, supply_mode, 1 AS n FROM new_orders
      UNION ALL
      SELECT account_id, status, channel_id, supply_mode, -1 FROM old_orders
    ) AS changes
    GROUP BY 1, 2, 3, 4
    HAVING sum(n) <> 0
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (account_id, status, channel_id, supply_mode)
    DO UPDATE SET orders = c.orders + excluded.orders;
  ELSE
    INSERT INTO order_counts AS c
    SELECT account_id, status, channel_id, supply_mode, -count(*)
    FROM old_orders
    GROUP BY 1, 2, 3, 4
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (account_id, status, channel_id, supply_mode)
    DO UPDATE SET orders = c.orders + excluded.orders;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER count_inserted_orders AFTER INSERT ON orders
  REFERENCING NEW TABLE AS new_orders FOR EACH STATEMENT EXECUTE FUNCTION count_orders();
CREATE TRIGGER count_updated_orders AFTER UPDATE ON orders
  REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders
  FOR EACH STATEMENT EXECUTE FUNCTION count_orders();
CREATE TRIGGER count_deleted_orders AFTER DELETE ON orders
  REFERENCING OLD TABLE AS old_orders FOR EACH STATEMENT EXECUTE FUNCTION count_orders();

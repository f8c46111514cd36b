-- A mirror of current_setting('bench.orders') orders, as two years of two accounts leave it: some 6 % open,
-- a few of them overdue. Ranks and ages are those of domain::deadline.
INSERT INTO accounts (account_id, name, seller_id, time_zone, position) VALUES
  ('maison', 'Maison Lemoine', '98979', 'Europe/Paris', 0),
  ('atelier', 'Atelier du Port', '98980', 'Europe/Paris', 1)
ON CONFLICT DO NOTHING;
INSERT INTO sync_states (account_id, cursor_at, backfilled_at, last_success_at)
  SELECT account_id, now(), now(), now() FROM accounts
ON CONFLICT DO NOTHING;
INSERT INTO channels VALUES
  ('maison', 'CDISFR', 'Cdiscount', TRUE, FALSE, FALSE, FALSE),
  ('maison', 'WRTES', 'Worten España', FALSE, TRUE, TRUE, TRUE),
  ('atelier', 'CDISFR', 'Cdiscount', TRUE, FALSE, FALSE, FALSE),
  ('atelier', 'RAKFR', 'Rakuten', FALSE, FALSE, TRUE, FALSE)
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE made AS
SELECT
  n,
  CASE WHEN n % 3 = 0 THEN 'atelier' ELSE 'maison' END AS account_id,
  to_char(created_at AT TIME ZONE 'UTC', 'YYMMDDHH24MI') || lpad(upper(to_hex(n)), 6, '0') AS order_id,
  CASE WHEN n % 5 = 0 THEN CASE WHEN n % 3 = 0 THEN 'RAKFR' ELSE 'WRTES' END ELSE 'CDISFR' END
    AS channel_id,
  CASE WHEN open THEN
    CASE WHEN n % 50 = 0 THEN 'Processing' WHEN n % 7 = 0 AND n % 5 <> 0 THEN 'WaitingAcceptance'
         WHEN n % 11 = 0 THEN 'Accepted' ELSE 'InPreparation' END
  ELSE
    CASE WHEN n % 20 < 3 THEN 'Cancelled' WHEN n % 20 = 3 THEN 'Refused' WHEN n % 20 = 4 THEN 'Rejected'
         WHEN n % 2 = 0 THEN 'Delivered' ELSE 'Shipped' END
  END AS status,
  CASE WHEN n % 17 = 0 THEN 'Fulfillment' WHEN n % 101 = 0 THEN 'Xdock' ELSE 'Seller' END AS supply_mode,
  created_at, open,
  -- 3 % of the open ones are overdue, the others due within five days.
  now() + (random() * 124 - 4) * INTERVAL '1 hour' AS ship_by
FROM (
  SELECT n, n <= total * 0.06 AS open,
         now() - CASE WHEN n <= total * 0.06 THEN random() * INTERVAL '4 days'
                      ELSE INTERVAL '4 days' + random() * INTERVAL '726 days' END AS created_at
  FROM (SELECT current_setting('bench.orders')::int AS total) AS t, generate_series(1, total) AS n
) AS numbered;

INSERT INTO orders
  (account_id, order_id, reference, channel_id, channel_name, business, status, supply_mode, created_at,
   updated_at, ship_by, rank, age, customer_reference, payment_method, customer_name, postal_code, city,
   country, first_quantity, first_title, first_sku, line_count, piece_count, currency, selling_total,
   offer_total, service_fees, billing, shipping, raw_hash, first_seen_at, last_seen_at)
SELECT
  account_id, order_id, 'SCID01' || order_id, channel_id,
  CASE channel_id WHEN 'CDISFR' THEN 'Cdiscount' WHEN 'WRTES' THEN 'Worten España' ELSE 'Rakuten' END,
  n % 9 = 0, status, supply_mode, created_at, created_at + INTERVAL '1 day', ship_by,
  CASE WHEN open AND supply_mode = 'Seller' THEN extract(epoch FROM ship_by)::bigint
       WHEN open THEN 10000000000 + extract(epoch FROM created_at)::bigint
       ELSE 30000000000 - extract(epoch FROM created_at)::bigint END,
  -(extract(epoch FROM created_at) * 1000000)::bigint,
  'C' || n, 'Card', 'Mme Anne-Sophie de La Rochefoucauld ' || n, '69009', 'Saint-Germain-en-Laye', 'FR',
  1 + n % 3, 'Perceuse-visseuse à percussion 18 V Bosch Professional GSB 18V-55 avec 2 batteries 2,0 Ah',
  'BOS-GSB18V55-' || n % 400, 1 + n % 3, 2 + n % 4, 'EUR', 20 + n % 900 + 0.90, 25 + n % 900 + 0.90,
  '[{"label": "Paiement en 4 fois", "amount": "2.20"}]',
  jsonb_build_object('first_name', 'Anne-Sophie', 'last_name', 'de La Rochefoucauld',
    'street', jsonb_build_array('117 avenue Tony-Garnier'), 'postal_code', '69009', 'city', 'Lyon'),
  jsonb_build_object('first_name', 'Anne-Sophie', 'last_name', 'de La Rochefoucauld', 'phone', '+33472001812',
    'email', 'relay' || n || '@clemail.example', 'street',
    jsonb_build_array('117 avenue Tony-Garnier', 'bâtiment C'), 'postal_code', '69009', 'city', 'Lyon'),
  n, created_at, now()
FROM made;

INSERT INTO order_lines
  (account_id, order_id, line_id, position, status, supply_mode, quantity, offer_id, sku, title, gtin,
   condition, offer_unit_price, selling_unit_price, shipping_cost, commission, commission_rate, vat_rate,
   delivery_mode, promised_from, promised_to)
SELECT account_id, order_id, 'AY0' || l, l - 1, status, supply_mode, 1 + n % 2, 'OF-' || n, 'BOS-' || n % 400,
  'Perceuse-visseuse à percussion 18 V Bosch Professional GSB 18V-55 avec 2 batteries 2,0 Ah',
  '3165140846776', 'New', 189.90, 169.90, 4.90, 20.10, 12, 20, 'TrackedHomeDelivery', ship_by,
  ship_by + INTERVAL '3 days'
FROM made, LATERAL generate_series(1, 1 + n % 3) AS l;

INSERT INTO parcels (account_id, order_id, parcel_number, carrier, tracking_url, line_ids)
SELECT account_id, order_id, '6A' || lpad(n::text, 11, '0'), 'Colissimo',
  'https://www.laposte.fr/outils/suivre-vos-envois?code=6A' || lpad(n::text, 11, '0'), ARRAY['AY01']
FROM made WHERE status IN ('Shipped', 'Delivered');

INSERT INTO order_raw (account_id, order_id, received_at, raw)
SELECT account_id, order_id, now(), repeat('{"orderId": "' || order_id || '"}', 60) FROM made;

INSERT INTO order_events (account_id, order_id, at, actor, event)
SELECT account_id, order_id, created_at + e * INTERVAL '1 hour', 'marketplace',
  jsonb_build_object('event', 'status_changed', 'from', 'Accepted', 'to', 'InPreparation')
FROM made, generate_series(1, 4) AS e;

DROP TABLE made;

-- When the order was shipped, by the marketplace's own time: that of its change to shipped. Unknown where the mirror
-- first saw the order when it had been delivered already. It stays when the order is cancelled later.
ALTER TABLE orders ADD COLUMN shipped_at TIMESTAMPTZ;

-- What is known of the weeks that pages look at. The events tell the change itself; without one, an order that is
-- shipped was last changed by that, as far as anybody knows.
UPDATE orders AS o SET shipped_at = coalesce(
  (SELECT min(e.at) FROM order_events AS e
   WHERE e.account_id = o.account_id AND e.order_id = o.order_id
     AND e.event ->> 'event' = 'status_changed'
     AND e.event ->> 'to' IN ('Shipped', 'Delivered')
     AND e.event ->> 'from' NOT IN ('Shipped', 'Delivered')),
  CASE WHEN o.status = 'Shipped' THEN o.updated_at END)
WHERE o.updated_at >= now() - INTERVAL '60 days'
  AND o.status IN ('Shipped', 'Delivered', 'CancelRequest', 'Cancelled');

-- A page counts the last weeks, from the index alone.
CREATE INDEX orders_by_shipping ON orders (account_id, shipped_at) INCLUDE (channel_id, supply_mode, ship_by)
  WHERE shipped_at IS NOT NULL;

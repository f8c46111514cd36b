-- db::order_list merges ranges in memory, where identifiers compare by their bytes. A database's own
-- collation need not agree ("en_US.UTF-8" skips hyphens at first), and deadlines are shared by many orders:
-- pages would then repeat orders and lose others.
DROP INDEX orders_by_rank, orders_by_bucket_and_rank, orders_by_age, orders_by_bucket_and_age;
CREATE INDEX orders_by_rank ON orders (account_id, rank, order_id COLLATE "C");
CREATE INDEX orders_by_bucket_and_rank
  ON orders (account_id, status, channel_id, supply_mode, rank, order_id COLLATE "C");
CREATE INDEX orders_by_age ON orders (account_id, age, order_id COLLATE "C");
CREATE INDEX orders_by_bucket_and_age
  ON orders (account_id, status, channel_id, supply_mode, age, order_id COLLATE "C");

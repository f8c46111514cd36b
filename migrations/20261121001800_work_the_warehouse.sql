-- How many orders were declared as shipped today (db::shipping): the day's promises, and not all that were ever made.
CREATE INDEX promises_ship_by_day ON promises (account_id, created_at) WHERE kind = 'ship';

-- What needs somebody's attention, among all that went well: the refused promises, and what is undecided. Each is an
-- index over few rows.
CREATE INDEX orders_refused ON orders (account_id, promise_at) WHERE promise_state = 'refused';
CREATE INDEX requests_open ON requests (account_id, first_seen_at) WHERE open;

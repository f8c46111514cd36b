-- What the staff know about an order and the marketplace does not. In `orders`, so that a list can filter by it
-- and show it without a second table; the mirror never writes these columns.
ALTER TABLE orders
  -- Who looks after it.
  ADD COLUMN assigned_to BIGINT REFERENCES users,
  -- How many internal notes it has.
  ADD COLUMN note_count INTEGER NOT NULL DEFAULT 0,
  -- When its parcels were closed, and by whom (`product` A32).
  ADD COLUMN packed_at TIMESTAMPTZ,
  ADD COLUMN packed_by BIGINT REFERENCES users,
  ADD CONSTRAINT packed_by_somebody CHECK ((packed_at IS NULL) = (packed_by IS NULL));
GRANT UPDATE (assigned_to, note_count, packed_at, packed_by) ON orders TO comptoir_desk;

-- "Mine", and "has a note", are few orders among all.
CREATE INDEX orders_by_assignment ON orders (account_id, assigned_to, rank) WHERE assigned_to IS NOT NULL;
CREATE INDEX orders_with_notes ON orders (account_id, rank) WHERE note_count > 0;

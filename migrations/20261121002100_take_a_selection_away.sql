-- A selection can also be taken away as a file (domain::batch::Purpose).
ALTER TABLE batches DROP CONSTRAINT batches_purpose_check;
ALTER TABLE batches ADD CONSTRAINT batches_purpose_check CHECK (purpose IN ('accept', 'ship', 'print', 'export'));

-- A number under which no order was found is corrected on the review, and may turn out to be another account's.
GRANT UPDATE (accounts) ON batches TO comptoir_desk;
GRANT UPDATE (account_id, order_id, order_text) ON batch_rows TO comptoir_desk;

-- A selection can also be taken away as a file (domain::batch::Purpose).
ALTER TABLE batches DROP CONSTRAINT batches_purpose_check;
ALTER TABLE batches ADD CONSTRAINT batches_purpose_check CHECK (purpose IN ('accept', 'ship', 'print', 'export'));

-- Whether orders that the marketplace's own warehouse ships are left out of the mirror from now on.
ALTER TABLE accounts ADD COLUMN skips_fulfilled BOOLEAN NOT NULL DEFAULT FALSE;

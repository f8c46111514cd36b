-- How long a promise of this account waits before it is sent, in seconds; NULL follows the deployer's setting.
ALTER TABLE accounts ADD COLUMN send_delay_seconds INTEGER CHECK (send_delay_seconds BETWEEN 0 AND 120);

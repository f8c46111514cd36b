-- Where customers follow a carrier's parcels, with a gap for the number (domain::tracking_template). Admins write
-- them; the ship form fills the link in.
CREATE TABLE tracking_templates (
  template_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- NULL: for every account that has none of its own.
  account_id TEXT REFERENCES accounts,
  -- The label in the marketplace's list, or what operators write for a carrier that is not in it.
  carrier TEXT NOT NULL,
  template TEXT NOT NULL
);
CREATE UNIQUE INDEX tracking_templates_by_carrier ON tracking_templates (account_id, lower(carrier))
  NULLS NOT DISTINCT;

ALTER TABLE tracking_templates ENABLE ROW LEVEL SECURITY;
CREATE POLICY desk ON tracking_templates TO comptoir_desk
  USING (account_id IS NULL OR account_id = ANY ((SELECT visible_accounts())::text[]));
GRANT SELECT ON tracking_templates TO comptoir_desk;

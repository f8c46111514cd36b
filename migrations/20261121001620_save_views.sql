-- Lists that somebody wants to come back to: their filters and their order, under a name (`product` A9, A10).
CREATE TABLE saved_views (
  view_id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Who made it.
  user_id BIGINT NOT NULL REFERENCES users,
  -- Everybody's, or its maker's alone.
  team BOOLEAN NOT NULL,
  name TEXT NOT NULL CHECK (char_length(name) BETWEEN 1 AND 40),
  -- The list's address after the question mark, as this program writes it.
  query TEXT NOT NULL CHECK (octet_length(query) <= 2000),
  created_at TIMESTAMPTZ NOT NULL
);
-- A name is one view's: each person's, and the team's.
CREATE UNIQUE INDEX saved_views_of_one ON saved_views (user_id, lower(name)) WHERE NOT team;
CREATE UNIQUE INDEX saved_views_of_all ON saved_views (lower(name)) WHERE team;
-- It is nobody's seller account's; each query says whose views it is about.
GRANT SELECT, INSERT, UPDATE (name), DELETE ON saved_views TO comptoir_desk;

-- How somebody wants lists to look.
CREATE TABLE list_preferences (
  user_id BIGINT PRIMARY KEY REFERENCES users,
  -- Less room between the rows.
  dense BOOLEAN NOT NULL,
  -- The columns that are left out.
  hidden TEXT[] NOT NULL
);
GRANT SELECT, INSERT, UPDATE (dense, hidden) ON list_preferences TO comptoir_desk;

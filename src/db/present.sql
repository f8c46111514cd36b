-- The accounts of whoever has the session; whether it still counts is asked below. Materialized, so that the
-- counters are read once and not once per account.
WITH mine AS MATERIALIZED (
  SELECT a.*
  FROM sessions AS s
  JOIN workplaces AS w ON w.user_id = s.user_id
  JOIN accounts AS a ON a.account_id = w.account_id
  WHERE s.id_hash = $1
)
SELECT
  s.session_id, s.created_at, s.last_seen_at, s.authenticated_at,
  EXISTS (SELECT FROM second_factors AS f
          WHERE f.user_id = u.user_id AND f.confirmed_at IS NOT NULL) AS "second_factor!",
  coalesce(s.data ->> 'vouched' = 'true', FALSE) AS "vouched!",
  u.user_id, u.name, u.role, u.language, u.theme, u.time_zone AS user_time_zone, u.shortcuts,
  a.account_id AS "account_id?", a.name AS "account_name?", a.seller_id AS "seller_id?",
  a.time_zone AS "time_zone?", a.sending_paused_at AS "sending_paused_at?",
  pauser.name AS "sending_paused_by?",
  -- In order and limited, so that it is read from the index whatever the planner guesses.
  (SELECT count(*) FROM mine CROSS JOIN LATERAL (
     SELECT FROM orders AS o
     WHERE o.account_id = mine.account_id AND o.rank < $3
     ORDER BY o.rank
     LIMIT 10000) AS late) AS "overdue!",
  (SELECT count(*) FROM mine JOIN promises AS p USING (account_id)
   WHERE p.state = 'needs_person') AS "needs_person!",
  -- The account that is furthest behind; nothing, if one was never read.
  (SELECT min(state.last_success_at)
   FROM mine JOIN sync_states AS state USING (account_id)
   HAVING count(*) = count(state.last_success_at)) AS synced_at,
  (SELECT count(*) FROM mine JOIN sync_states AS state USING (account_id)
   WHERE state.failure IS NOT NULL) AS "failing!",
  -- What happens to an order has a number; the pages ask what came after it.
  coalesce((SELECT max(newest.event_id) FROM mine CROSS JOIN LATERAL (
              SELECT e.event_id FROM order_events AS e
              WHERE e.account_id = mine.account_id
              ORDER BY e.event_id DESC
              LIMIT 1) AS newest), 0) AS "newest_event!",
  (SELECT count(*) FROM sessions AS own
   JOIN notifications AS n ON n.user_id = own.user_id AND n.read_at IS NULL
   JOIN mine USING (account_id)
   WHERE own.id_hash = $1) AS "unread!"
FROM sessions AS s
JOIN users AS u ON u.user_id = s.user_id AND u.active
LEFT JOIN mine AS a ON TRUE
LEFT JOIN users AS pauser ON pauser.user_id = a.sending_paused_by
WHERE s.id_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $4
ORDER BY a.position, a.account_id

SELECT
  s.session_id, s.created_at, s.last_seen_at,
  EXISTS (SELECT FROM second_factors AS f
          WHERE f.user_id = u.user_id AND f.confirmed_at IS NOT NULL) AS "second_factor!",
  u.user_id, u.name, u.role, u.language, u.theme,
  a.account_id AS "account_id?", a.name AS "account_name?", a.seller_id AS "seller_id?",
  a.time_zone AS "time_zone?", a.sending_paused_at AS "sending_paused_at?",
  pauser.name AS "sending_paused_by?",
  -- In order and limited, so that it is read from the index whatever the planner guesses.
  (SELECT count(*) FROM accounts AS mine CROSS JOIN LATERAL (
     SELECT FROM orders AS o
     WHERE o.account_id = mine.account_id AND o.rank < $3
     ORDER BY o.rank
     LIMIT 10000) AS late) AS "overdue!",
  (SELECT count(*) FROM promises WHERE state = 'needs_person') AS "needs_person!",
  -- The account that is furthest behind; nothing, if one was never read.
  (SELECT min(last_success_at) FROM sync_states
   HAVING count(*) = count(last_success_at)) AS synced_at,
  (SELECT count(*) FROM sync_states WHERE failure IS NOT NULL) AS "failing!"
FROM sessions AS s
JOIN users AS u ON u.user_id = s.user_id AND u.active
LEFT JOIN accounts AS a ON TRUE
LEFT JOIN users AS pauser ON pauser.user_id = a.sending_paused_by
WHERE s.id_hash = $1 AND s.expires_at > $2 AND s.last_seen_at > $4
ORDER BY a.position, a.account_id

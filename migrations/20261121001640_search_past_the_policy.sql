-- A page's condition on words may not be asked before the policy's, because it could tell of rows that are not the
-- reader's: PostgreSQL then reads every row and uses no index of trigrams. These functions work as the owner, whom no
-- policy concerns, and ask the policy's condition themselves; pages read the words in no other way, and see none.
REVOKE SELECT ON order_search FROM comptoir_desk;

CREATE FUNCTION found_by_code(accounts TEXT[], code TEXT, with_people BOOLEAN, most BIGINT)
  RETURNS TABLE (account_id TEXT, order_id TEXT) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp
  BEGIN ATOMIC
    SELECT s.account_id, s.order_id FROM order_search AS s
    WHERE s.account_id = ANY (accounts) AND s.account_id = ANY ((SELECT visible_accounts())::text[])
      AND (s.goods LIKE '%|' || escaped(search_text(code)) || '|%'
           OR (with_people AND s.contacts LIKE '%|' || escaped(search_text(code)) || '|%'))
    ORDER BY s.created_at DESC, s.order_id
    LIMIT most;
  END;

CREATE FUNCTION found_by_words(accounts TEXT[], words TEXT[], rarest TEXT, with_people BOOLEAN, most BIGINT)
  RETURNS TABLE (account_id TEXT, order_id TEXT) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp
  BEGIN ATOMIC
    SELECT s.account_id, s.order_id FROM order_search AS s
    WHERE s.account_id = ANY (accounts) AND s.account_id = ANY ((SELECT visible_accounts())::text[])
      AND (s.goods LIKE '%' || escaped(rarest) || '%'
           OR (with_people AND s.people LIKE '%' || escaped(rarest) || '%')
           OR (with_people AND s.contacts LIKE '%' || escaped(rarest) || '%'))
      AND NOT EXISTS (
        SELECT FROM unnest(words) AS word
        WHERE strpos(s.goods, word) = 0
          AND NOT (with_people AND (strpos(s.people, word) > 0 OR strpos(s.contacts, word) > 0)))
    ORDER BY s.created_at DESC, s.order_id
    LIMIT most;
  END;

CREATE FUNCTION found_by_similar_words(accounts TEXT[], words TEXT[], rarest TEXT, with_people BOOLEAN,
    most BIGINT, most_compared BIGINT, alike REAL)
  RETURNS TABLE (account_id TEXT, order_id TEXT, fit REAL) LANGUAGE sql STABLE
  SECURITY DEFINER SET search_path = public, pg_temp
  BEGIN ATOMIC
    SELECT DISTINCT ON (f.fit, s.created_at, s.order_id, s.account_id) s.account_id, s.order_id, f.fit
    FROM (
      (SELECT g.* FROM order_search AS g
       WHERE g.account_id = ANY (accounts) AND g.account_id = ANY ((SELECT visible_accounts())::text[])
         AND g.goods %> rarest
       LIMIT most_compared)
      UNION ALL
      (SELECT p.* FROM order_search AS p
       WHERE with_people AND p.account_id = ANY (accounts)
         AND p.account_id = ANY ((SELECT visible_accounts())::text[]) AND p.people %> rarest
       LIMIT most_compared)) AS s
    CROSS JOIN LATERAL (
      SELECT sum(w.fit)::real AS fit, bool_and(w.fit >= alike) AS every
      FROM (SELECT CASE WHEN word ~ '[0-9]' THEN
                (strpos(s.goods, word) > 0 OR (with_people AND strpos(s.contacts, word) > 0))::int::real
              ELSE greatest(word_similarity(word, s.goods),
                            CASE WHEN with_people THEN word_similarity(word, s.people) END) END AS fit
            FROM unnest(words) AS word) AS w) AS f
    WHERE f.every
    ORDER BY f.fit DESC, s.created_at DESC, s.order_id, s.account_id
    LIMIT most;
  END;

REVOKE EXECUTE ON FUNCTION found_by_code, found_by_words, found_by_similar_words FROM PUBLIC;
GRANT EXECUTE ON FUNCTION found_by_code, found_by_words, found_by_similar_words TO comptoir_desk;

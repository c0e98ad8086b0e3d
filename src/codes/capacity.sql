-- The number of live codes is the planner's: it costs nothing and is as fresh as the last ANALYZE. A random column
-- draws at the first length that is less than half full, which is when it grows.
CREATE VIEW steward.code_capacity AS
  WITH columns AS (
    SELECT c.rel, c.col, c.series, c.prefix,
           COALESCE(c.length, s.length) AS length,
           COALESCE(c.max_length, s.length) AS max_length,
           COALESCE(s.check_chars, 0) AS check_chars,
           CASE WHEN r.reltuples >= 0
                THEN pg_catalog.round(r.reltuples::numeric * (1 - COALESCE(t.stanullfrac, 0)::numeric)) END AS live
    FROM steward._assigned_columns() c
    JOIN pg_catalog.pg_class r ON r.oid = c.rel
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.rel AND a.attname = c.col
    LEFT JOIN pg_catalog.pg_statistic t ON t.starelid = c.rel AND t.staattnum = a.attnum AND NOT t.stainherit
    LEFT JOIN steward._series s ON s.series = c.series
  ), spaces AS (
    SELECT c.*, d.drawing_length, pg_catalog.power(62::numeric, d.drawing_length) AS space
    FROM columns c, LATERAL (
      SELECT COALESCE(pg_catalog.min(l) FILTER (WHERE COALESCE(c.live, 0) < pg_catalog.power(62::numeric, l) / 2),
                      c.max_length) AS drawing_length
      FROM pg_catalog.generate_series(c.length, c.max_length) l) d
  )
  SELECT rel, col, series, prefix, length, max_length, drawing_length,
         live::bigint AS live_codes,
         pg_catalog.round(CASE WHEN live < space THEN live / space WHEN live >= space THEN 1 END, 12) AS share_used,
         CASE WHEN series IS NOT NULL THEN 0 WHEN live < space THEN live / space WHEN live >= space THEN 1
           END::double precision AS collision_chance,
         pg_catalog.round(space * pg_catalog.power(62::numeric, check_chars) / NULLIF(live, 0)) AS guesses_to_hit,
         -- A year of a thousand guesses a second; a check character is as good as any other.
         CASE WHEN live IS NOT NULL
              THEN pg_catalog.ceil(pg_catalog.log(62, GREATEST(live, 1) * 31557600000))::int - check_chars
           END AS suggested_length
  FROM spaces;
COMMENT ON VIEW steward.code_capacity IS 'how full each column''s code space is, and how easily a code is guessed';
COMMENT ON COLUMN steward.code_capacity.rel IS 'the table';
COMMENT ON COLUMN steward.code_capacity.col IS 'its column of codes';
COMMENT ON COLUMN steward.code_capacity.series IS 'the series that they come from; NULL for random ones';
COMMENT ON COLUMN steward.code_capacity.prefix IS 'what each begins with';
COMMENT ON COLUMN steward.code_capacity.length IS 'characters that codes begin with';
COMMENT ON COLUMN steward.code_capacity.max_length IS 'characters that they may grow to';
COMMENT ON COLUMN steward.code_capacity.live_codes IS 'rows with a code, from the planner''s statistics; NULL before the first ANALYZE';
COMMENT ON COLUMN steward.code_capacity.drawing_length IS 'characters that codes are drawn with at this number of rows';
COMMENT ON COLUMN steward.code_capacity.share_used IS 'share of the codes of the drawing length that is taken';
COMMENT ON COLUMN steward.code_capacity.collision_chance IS 'chance that the next draw is a code that exists and is drawn again';
COMMENT ON COLUMN steward.code_capacity.guesses_to_hit IS 'random guesses that hit some live code, on average';
COMMENT ON COLUMN steward.code_capacity.suggested_length IS
  'length at which a thousand guesses a second take a year to hit a code';

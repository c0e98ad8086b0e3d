-- What was there before a run: the check takes it off.

CREATE TABLE before AS
  SELECT (SELECT views FROM views) AS views, (SELECT sum(used) FROM used WHERE meter = 'ai_messages') AS messages, (SELECT sum(used) FROM used WHERE meter = 'datasets') AS datasets,
         (SELECT count(*) FROM log WHERE resource = 'analysis' AND action = 'update') AS edits, (SELECT count(*) FROM log WHERE resource = 'dataset' AND action = 'create') AS uploads;

CREATE FUNCTION sizes(OUT what text, OUT bytes bigint, OUT dead bigint) RETURNS SETOF record LANGUAGE sql AS $$
  SELECT what, sum(pg_relation_size(rel) + pg_indexes_size(rel)), sum(pg_stat_get_dead_tuples(rel)) FROM kept GROUP BY what
$$;

-- The log is written below SQL: whatever indexes somebody gives a month find all that is written to it.
SET client_min_messages = warning;
CREATE TABLE aui_rows (id int PRIMARY KEY, org int, body text);
SELECT steward.audit_table('aui_rows', tenant_col => 'org') \g /dev/null
INSERT INTO aui_rows VALUES (0, 0, 'first');
SELECT r.tableoid::regclass AS month, r.rel_id AS rel FROM steward.audit_records r JOIN steward.audited_tables t USING (rel_id) WHERE t.rel = 'aui_rows'::regclass \gset
-- An expression, a condition, the only one of its value, times in ranges of one page.
CREATE INDEX aui_expression ON :month (lower(row_key), id);
CREATE INDEX aui_condition ON :month (id) WHERE action = 'update';
CREATE INDEX aui_there ON :month (tenant, changed) INCLUDE (seq) WHERE tenant IS NOT NULL AND changed IS NOT NULL;
CREATE UNIQUE INDEX aui_unique ON :month (id);
CREATE INDEX aui_hash ON :month USING hash (row_key);
CREATE INDEX aui_inside ON :month USING gin (new_values);
CREATE INDEX aui_times ON :month USING brin (at) WITH (pages_per_range = 1);
CREATE INDEX aui_ids ON :month USING brin (id) WITH (pages_per_range = 1);
CREATE INDEX aui_nulls ON :month (tenant DESC NULLS FIRST, at);
-- Many at once, in no order, with and without a tenant, and one at a time; ranges of pages that are known, and grow.
INSERT INTO aui_rows SELECT (n * 7919) % 3001 + 1, nullif(n % 5, 0), repeat('x', n % 50) FROM generate_series(1, 3000) n;
SELECT brin_summarize_new_values('steward.aui_times') > 0 AS times, brin_summarize_new_values('steward.aui_ids') > 0 AS ids;
UPDATE aui_rows SET body = body || 'y' WHERE id % 3 = 0;
DO $$ BEGIN FOR i IN 1 .. 20 LOOP UPDATE aui_rows SET body = 'alone' || i WHERE id = i; DELETE FROM aui_rows WHERE id = i + 100; END LOOP; END $$;
-- What is read through each is what is there.
CREATE FUNCTION aui_read(condition text, method text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  by_index text := CASE method WHEN 'index' THEN 'on' ELSE 'off' END;
  month text := (SELECT tableoid::regclass FROM steward.audit_records ORDER BY id DESC LIMIT 1);
  answer text;
BEGIN
  PERFORM set_config(name, by_index, true) FROM unnest('{enable_bitmapscan,enable_indexscan,enable_indexonlyscan}'::text[]) n (name);
  PERFORM set_config('enable_seqscan', CASE method WHEN 'index' THEN 'off' ELSE 'on' END, true);
  EXECUTE format('SELECT concat(count(*), '' '', md5(string_agg(concat(id, action, row_key), '','' ORDER BY id))) FROM %s WHERE %s', month, condition) INTO answer;
  RETURN answer;
END $$;
SELECT name, aui_read(condition, 'seq') !~ '^0' AS some, aui_read(condition, 'index') = aui_read(condition, 'seq') AS same
FROM (SELECT min(id) AS first, max(id) AS last FROM steward.audit_records WHERE rel_id = :rel) r,
  LATERAL (VALUES ('a key', format('rel_id = %s AND row_key BETWEEN ''1'' AND ''2''', :rel)), ('an expression', 'lower(row_key) = ''1500'''),
    ('a condition', 'action = ''update'' AND id > 0'), ('what is there', 'tenant IS NOT NULL AND changed IS NOT NULL AND tenant = ''3'''), ('a number', format('id = %s', first)),
    ('numbers', format('id BETWEEN %s AND %s', first, last)), ('a hash', 'row_key = ''77'''), ('what is inside', 'new_values @> ''{"body": "alone7"}'''),
    ('a tenant', 'tenant = ''2'' AND at > ''-infinity'''), ('no tenant', 'tenant IS NULL AND at > ''-infinity''')) c (name, condition);
-- Times, also those of what came to a page after it had been summarised.
SELECT bool_and(aui_read(condition, 'index') = aui_read(condition, 'seq')) AS same
FROM (SELECT at FROM steward.audit_records WHERE rel_id = :rel ORDER BY id OFFSET 2980 LIMIT 100) r, LATERAL (VALUES (format('at > %L', at)), (format('at <= %L', at))) c (condition);
CREATE EXTENSION IF NOT EXISTS amcheck;
SELECT c.relname ~ '^aui' AS own, count(bt_index_check(c.oid, true)::text) AS sound FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
WHERE i.indrelid = :'month'::regclass AND a.amname = 'btree' GROUP BY 1 ORDER BY 1;
-- A duplicate is refused there as anywhere; of what is refused nothing stays.
SELECT setval('steward._audit_ids', (SELECT max(id) FROM steward.audit_records) - 10) IS NULL AS back \gset
\set VERBOSITY sqlstate
UPDATE aui_rows SET body = 'refused' WHERE id = 2;
\set VERBOSITY default
SELECT setval('steward._audit_ids', (SELECT max(id) FROM steward.audit_records)) IS NULL AS on_again \gset
SELECT body FROM aui_rows WHERE id = 2;
DROP INDEX steward.aui_expression, steward.aui_condition, steward.aui_there, steward.aui_unique, steward.aui_hash, steward.aui_inside, steward.aui_times, steward.aui_ids, steward.aui_nulls;
DROP EXTENSION amcheck;
DROP FUNCTION aui_read(text, text);
DROP TABLE aui_rows;

-- The same table four times: as it is, audited by steward, and by triggers as one would write them. Variable: rows, at most so many in a statement.

SET client_min_messages = warning;
CREATE EXTENSION steward;
\ir ../pgbench.sql

-- Figures that are neither times nor rates.
CREATE TABLE figures (what text, round int, who text, value float8);

CREATE TABLE unaudited (
  id bigint PRIMARY KEY, org int NOT NULL, title text NOT NULL, status text NOT NULL DEFAULT 'draft', price numeric(12, 2), settings jsonb,
  made_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE audited (LIKE unaudited INCLUDING ALL);
CREATE TABLE by_row (LIKE unaudited INCLUDING ALL);
CREATE TABLE by_statement (LIKE unaudited INCLUDING ALL);
SELECT steward.audit_table('audited', tenant_col => 'org');

-- What all of them are filled with.
CREATE TABLE new_rows AS
  SELECT i AS id, i % 100 AS org, 'a title of a usual length ' || i AS title, 'draft' AS status, i % 1000 / 10.0 AS price,
         '{"theme": "dark", "columns": [1, 2, 3], "notify": true}'::jsonb AS settings
  FROM generate_series(1, :rows) i;

-- A trigger for each row: whole rows, by key and by time, who and in which transaction.
CREATE TABLE row_log (
  id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL DEFAULT clock_timestamp(), tx xid8 NOT NULL DEFAULT pg_current_xact_id(),
  actor text NOT NULL DEFAULT session_user, rel regclass NOT NULL, action text NOT NULL, row_key text, old_values jsonb, new_values jsonb);
CREATE INDEX ON row_log (rel, row_key, id);
CREATE FUNCTION log_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO row_log (rel, action, row_key, new_values) VALUES (TG_RELID, 'create', NEW.id::text, to_jsonb(NEW));
  ELSIF TG_OP = 'UPDATE' THEN
    IF NEW IS DISTINCT FROM OLD THEN
      INSERT INTO row_log (rel, action, row_key, old_values, new_values) VALUES (TG_RELID, 'update', NEW.id::text, to_jsonb(OLD), to_jsonb(NEW));
    END IF;
  ELSE
    INSERT INTO row_log (rel, action, row_key, old_values) VALUES (TG_RELID, 'delete', OLD.id::text, to_jsonb(OLD));
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_row AFTER INSERT OR UPDATE OR DELETE ON by_row FOR EACH ROW EXECUTE FUNCTION log_row();

-- A trigger for each statement, by transition tables: the same record.
CREATE TABLE statement_log (LIKE row_log INCLUDING ALL);
CREATE FUNCTION log_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO statement_log (rel, action, row_key, new_values) SELECT TG_RELID, 'create', n.id::text, to_jsonb(n) FROM new_table n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO statement_log (rel, action, row_key, old_values, new_values)
    SELECT TG_RELID, 'update', n.id::text, to_jsonb(o), to_jsonb(n) FROM old_table o JOIN new_table n USING (id) WHERE n IS DISTINCT FROM o;
  ELSE
    INSERT INTO statement_log (rel, action, row_key, old_values) SELECT TG_RELID, 'delete', o.id::text, to_jsonb(o) FROM old_table o;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER log_insert AFTER INSERT ON by_statement REFERENCING NEW TABLE AS new_table FOR EACH STATEMENT EXECUTE FUNCTION log_statement();
CREATE TRIGGER log_update AFTER UPDATE ON by_statement REFERENCING OLD TABLE AS old_table NEW TABLE AS new_table FOR EACH STATEMENT EXECUTE FUNCTION log_statement();
CREATE TRIGGER log_delete AFTER DELETE ON by_statement REFERENCING OLD TABLE AS old_table FOR EACH STATEMENT EXECUTE FUNCTION log_statement();

INSERT INTO ways (way, title, stored_in, options, statement) VALUES
  ('unaudited', 'no audit', 'unaudited', '', 'UPDATE unaudited SET price = price + 1 WHERE id = :key'),
  ('audited', 'steward', 'audited', '', 'UPDATE audited SET price = price + 1 WHERE id = :key'),
  ('by_row', 'row trigger', 'by_row', '', 'UPDATE by_row SET price = price + 1 WHERE id = :key'),
  ('by_statement', 'statement trigger', 'by_statement', '', 'UPDATE by_statement SET price = price + 1 WHERE id = :key'),
  ('in_block', 'no audit, in a block with set_config()', 'unaudited', '',
   E'BEGIN;\nSELECT set_config(''app.user'', ''ada'', true);\nUPDATE unaudited SET price = price + 1 WHERE id = :key;\nCOMMIT'),
  ('with_actor', 'steward, in a block with set_actor()', 'audited', '',
   E'BEGIN;\nSELECT steward.set_actor(''ada'');\nUPDATE audited SET price = price + 1 WHERE id = :key;\nCOMMIT');

-- Bytes of one of the log's tables, with its indexes, over all months.
CREATE FUNCTION bytes_of(log regclass) RETURNS bigint LANGUAGE sql AS $$
  SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree(log) $$;
CREATE FUNCTION median(of_what text, of_whom text) RETURNS float8 STABLE LANGUAGE sql AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY value) FROM figures WHERE what = of_what AND who = of_whom $$;

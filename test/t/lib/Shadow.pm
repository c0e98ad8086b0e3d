# Tables that are recorded twice: in the log, and as a shadow that knows nothing of it. After each step the shadow takes all rows as the server's
# own to_jsonb() has them, and triggers of its own note what was done to them. What the readers tell is held against both.
package Shadow;

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(create_shadow);

# What is said once, whatever the session says.
my $pinned = q{SET TimeZone = 'UTC' SET DateStyle = 'ISO' SET IntervalStyle = 'postgres' SET bytea_output = 'hex' SET extra_float_digits = 1 SET lc_monetary = 'C'};

# Rows with a uid of at most so much are older than their table's auditing.
sub create_shadow {
  my ($node, $oldest) = @_;
  my $sql = <<'SQL';
CREATE FUNCTION is_old(uid bigint) RETURNS boolean IMMUTABLE LANGUAGE sql RETURN uid <= OLDEST;
CREATE TABLE shadowed (slot int PRIMARY KEY, rel regclass NOT NULL, redacted int2[] NOT NULL DEFAULT '{}', ignored int2[] NOT NULL DEFAULT '{}');
CREATE TABLE steps (step int PRIMARY KEY, at timestamptz NOT NULL, last_op bigint NOT NULL);
CREATE TABLE shadow (step int, slot int, key text, uid bigint NOT NULL, state jsonb NOT NULL, PRIMARY KEY (slot, step, key));
CREATE INDEX ON shadow (slot, step, uid);
CREATE TABLE names (step int, slot int, num int2, name text, PRIMARY KEY (slot, step, num));
-- Of the rows that come and go by the thousand a few.
CREATE TABLE keys (slot int, key text, PRIMARY KEY (slot, key));
CREATE TABLE ops (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slot int NOT NULL, op text NOT NULL, old_key text, new_key text, uid bigint);
CREATE INDEX ON ops (slot, old_key);
CREATE INDEX ON ops (slot, new_key);
-- In which step a column of a row was last seen to become something else.
CREATE TABLE last_set (slot int, uid bigint, num int2, step int NOT NULL, PRIMARY KEY (slot, uid, num));

-- As doc/audit.md has it: what jsonb cannot hold is text, json goes on as what it was, arrays that do not begin at 1 are text as a whole.
CREATE FUNCTION shown(value json) RETURNS jsonb IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
  RETURN value::jsonb;
EXCEPTION WHEN OTHERS THEN
  RETURN jsonb_build_object('unparsed_json', value::text);
END $$;

-- The key, and the columns of a row "t" that are recorded, as expressions.
CREATE FUNCTION expressions(s shadowed, OUT key text, OUT columns text, OUT plain text) STABLE LANGUAGE sql AS $$
  SELECT
    (SELECT CASE count(*) WHEN 1 THEN format('t.%I::text', min(a.attname)) ELSE format('jsonb_build_array(%s)::text', string_agg(format('t.%I::text', a.attname), ', ' ORDER BY k.place)) END
      FROM pg_index i, unnest(i.indkey) WITH ORDINALITY k (num, place), pg_attribute a WHERE i.indrelid = s.rel AND i.indisprimary AND a.attrelid = s.rel AND a.attnum = k.num),
    string_agg(format(CASE
      WHEN a.attnum = ANY (s.redacted) THEN 'CASE WHEN t.%1$I IS NOT NULL THEN ''***'' END'
      WHEN a.atttypid = 'json'::regtype THEN 'shown(t.%1$I)'
      WHEN a.atttypid = 'json[]'::regtype THEN
        'CASE WHEN t.%1$I IS NOT NULL THEN (SELECT COALESCE(jsonb_agg(shown(x) ORDER BY n), ''[]'') FROM unnest(t.%1$I) WITH ORDINALITY u (x, n)) END'
      WHEN y.typcategory = 'A' THEN 'CASE WHEN array_dims(t.%1$I) ~ ''\[(?!1:)'' THEN to_jsonb(t.%1$I::text) ELSE to_jsonb(t.%1$I) END'
      ELSE 't.%1$I' END || ' AS %1$I', a.attname), ', ' ORDER BY a.attnum),
    string_agg(format('t.%I', a.attname), ', ' ORDER BY a.attnum)
  FROM pg_attribute a JOIN pg_type y ON y.oid = a.atttypid WHERE a.attrelid = s.rel AND a.attnum > 0 AND NOT a.attisdropped AND a.attnum <> ALL (s.ignored)
$$;

-- By a trigger that comes before all others. An update that leaves every recorded byte as it was is none.
CREATE FUNCTION note_op() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE s shadowed; e record; old_key text; new_key text; same boolean;
BEGIN
  SELECT * INTO STRICT s FROM shadowed WHERE slot = TG_ARGV[0]::int;
  e := expressions(s);
  IF TG_OP = 'TRUNCATE' AND TG_WHEN = 'BEFORE' THEN
    EXECUTE format('INSERT INTO ops (slot, op, old_key, uid) SELECT $1, ''GONE'', %s, uid FROM %s t', e.key, TG_RELID::regclass) USING s.slot;
  ELSIF TG_OP = 'TRUNCATE' THEN
    INSERT INTO ops (slot, op) VALUES (s.slot, TG_OP);
  ELSE
    IF TG_OP <> 'INSERT' THEN EXECUTE format('SELECT %s FROM (SELECT ($1).*) t', e.key) INTO old_key USING OLD; END IF;
    IF TG_OP <> 'DELETE' THEN EXECUTE format('SELECT %s FROM (SELECT ($1).*) t', e.key) INTO new_key USING NEW; END IF;
    IF TG_OP = 'UPDATE' THEN
      EXECUTE format('SELECT (SELECT ROW(%1$s) FROM (SELECT ($1).*) t) *= (SELECT ROW(%1$s) FROM (SELECT ($2).*) t)', e.plain) INTO same USING OLD, NEW;
      IF same THEN RETURN NULL; END IF;
    END IF;
    INSERT INTO ops (slot, op, old_key, new_key, uid) VALUES (s.slot, TG_OP, old_key, new_key, CASE TG_OP WHEN 'INSERT' THEN NEW.uid ELSE OLD.uid END);
  END IF;
  RETURN NULL;
END $$;

-- As the log should call it. No row is made with the uid of another: one that comes at once with the same has come from another partition.
CREATE VIEW actions AS
  SELECT id, slot, old_key, new_key, op <> 'INSERT' AND NOT starts AS counts, CASE
    WHEN op = 'TRUNCATE' THEN 'truncate' WHEN op = 'UPDATE' OR arrives OR starts THEN 'update' WHEN op = 'INSERT' THEN 'create' ELSE 'delete' END AS action, arrives
  FROM (SELECT *, op = 'DELETE' AND lead(op) OVER w = 'INSERT' AND lead(uid) OVER w = uid IS TRUE AS starts,
      op = 'INSERT' AND lag(op) OVER w = 'DELETE' AND lag(uid) OVER w = uid IS TRUE AS arrives FROM ops WINDOW w AS (PARTITION BY slot ORDER BY id)) o;

CREATE PROCEDURE take_shadow(this int) LANGUAGE plpgsql PINNED AS $$
DECLARE s shadowed; e record;
BEGIN
  FOR s IN SELECT * FROM shadowed LOOP
    e := expressions(s);
    EXECUTE format('INSERT INTO shadow SELECT $1, $2, %s, t.uid, (SELECT to_jsonb(x) FROM (SELECT %s) x) FROM %s t', e.key, e.columns, s.rel) USING this, s.slot;
    INSERT INTO names SELECT this, s.slot, attnum, attname FROM pg_attribute WHERE attrelid = s.rel AND attnum > 0 AND NOT attisdropped;
  END LOOP;
  INSERT INTO keys SELECT slot, key FROM (
    SELECT slot, key FROM shadow WHERE step = this
    UNION SELECT slot, unnest(ARRAY[old_key, new_key]) FROM ops WHERE id > (SELECT COALESCE(max(last_op), 0) FROM steps)) k
    WHERE key !~ '^\d{4}$' OR key IN ('1001', '2100') ON CONFLICT DO NOTHING;
  INSERT INTO last_set
    SELECT m.slot, m.uid, n.num, this FROM shadow m JOIN names n ON (n.slot, n.step) = (m.slot, m.step) JOIN names p ON (p.slot, p.step, p.num) = (m.slot, this - 1, n.num)
      LEFT JOIN shadow o ON (o.slot, o.step, o.uid) = (m.slot, this - 1, m.uid)
      WHERE m.step = this AND m.state IS DISTINCT FROM o.state AND (m.state -> n.name)::text IS DISTINCT FROM (o.state -> p.name)::text
    ON CONFLICT (slot, uid, num) DO UPDATE SET step = excluded.step;
  INSERT INTO steps VALUES (this, clock_timestamp(), (SELECT COALESCE(max(id), 0) FROM ops));
END $$;

CREATE FUNCTION difference(expected jsonb, got jsonb) RETURNS text IMMUTABLE LANGUAGE sql AS $$
  SELECT CASE WHEN expected IS NULL OR got IS NULL OR got ? 'unknown' THEN format('expected %s, got %s', COALESCE(left(expected::text, 300), 'none'), COALESCE(left(got::text, 300), 'none'))
    ELSE (SELECT string_agg(format('%s: expected %s, got %s', key, COALESCE(left(e.value::text, 300), 'none'), COALESCE(left(g.value::text, 300), 'none')), '; ')
      FROM jsonb_each(expected) e FULL JOIN jsonb_each(got) g USING (key) WHERE e.value::text IS DISTINCT FROM g.value::text) END $$;

-- By a key of the table's own type, where there is such a function, or by its text.
CREATE FUNCTION as_of(rel regclass, key text, at timestamptz) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
  IF length(key) % 2 = 0 AND key ~ '^\d+$' THEN RETURN steward.row_as_of(rel, key::bigint, at); END IF;
  IF key ~ '[02468]$' AND key ~ '^0{8}-' THEN RETURN steward.row_as_of(rel, key::uuid, at); END IF;
  RETURN steward.row_as_of(rel, key, at);
EXCEPTION WHEN SQLSTATE 'QA003' THEN
  RETURN '{"unknown": true}';
END $$;

-- What a row lost in a TRUNCATE was is not known where no record tells; nor is, in a row that is older than its auditing, what a column held that was dropped.
CREATE FUNCTION row_differences(since int, till int, share float8) RETURNS SETOF text LANGUAGE sql AS $$
  WITH chosen AS MATERIALIZED (SELECT * FROM steps, keys WHERE step BETWEEN since AND till AND random() <= share),
  gone AS MATERIALIZED (SELECT slot, n.step, array_agg(n.name) AS names FROM names n WHERE n.step BETWEEN since AND till
    AND NOT EXISTS (SELECT FROM names l WHERE (l.slot, l.step, l.num) = (n.slot, (SELECT max(step) FROM steps), n.num)) GROUP BY 1, 2)
  SELECT format('row %s of %s at step %s: %s', key, rel, step, difference(expected, got)) FROM (
    SELECT c.key, s.rel, c.step, CASE WHEN is_old(m.uid) THEN m.state - COALESCE(g.names, '{}') ELSE m.state END AS expected,
      CASE WHEN is_old(m.uid) THEN a.got - COALESCE(g.names, '{}') ELSE a.got END AS got, m.uid, s.slot, c.last_op
    FROM chosen c JOIN shadowed s USING (slot) LEFT JOIN shadow m USING (slot, step, key) LEFT JOIN gone g USING (slot, step)
      CROSS JOIN LATERAL as_of(s.rel, c.key, c.at) a (got) OFFSET 0) d
  WHERE expected::text IS DISTINCT FROM got::text
    AND NOT (got IS NOT NULL AND got ? 'unknown' AND EXISTS (SELECT FROM ops o WHERE o.slot = d.slot AND o.op = 'TRUNCATE' AND o.id > d.last_op)
      AND COALESCE(is_old(uid), NOT EXISTS (SELECT FROM ops o WHERE o.slot = d.slot AND d.key IN (o.old_key, o.new_key) AND o.id <= d.last_op)))
  ORDER BY step, slot, key LIMIT 5 $$;

CREATE FUNCTION rows_of(source regclass, s shadowed) RETURNS TABLE (key text, state jsonb) LANGUAGE plpgsql PINNED AS $$
DECLARE e record := expressions(s);
BEGIN
  RETURN QUERY EXECUTE format('SELECT %s, (SELECT to_jsonb(x) FROM (SELECT %s) x) FROM %s t', e.key, e.columns, source);
END $$;

-- Members that are none are as those that are null, where a column was not there.
CREATE FUNCTION known(jsonb) RETURNS jsonb IMMUTABLE LANGUAGE sql AS $$ SELECT jsonb_object_agg(key, value) FROM jsonb_each($1) WHERE value <> 'null' $$;

-- By the names of now, with NULL where a column was not there then.
CREATE FUNCTION table_differences(of_slot int, of_step int) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s shadowed; moment steps; is_truncated boolean;
BEGIN
  SELECT * INTO STRICT s FROM shadowed WHERE slot = of_slot;
  SELECT * INTO STRICT moment FROM steps WHERE step = of_step;
  SELECT EXISTS (SELECT FROM ops WHERE slot = of_slot AND op = 'TRUNCATE' AND id > moment.last_op) INTO is_truncated;
  DROP TABLE IF EXISTS past;
  EXECUTE format('CREATE TEMP TABLE past AS SELECT * FROM %s LIMIT 0', s.rel);
  BEGIN
    EXECUTE format('INSERT INTO past SELECT * FROM steward.table_as_of(NULL::%s, $1)', s.rel) USING moment.at;
  EXCEPTION WHEN SQLSTATE 'QA003' THEN
    IF is_truncated THEN RETURN; END IF;
    RAISE;
  END;
  RETURN QUERY SELECT format('rows of %s at step %s: %s: %s', s.rel, of_step, key, difference(m.state, a.state)) FROM (
      SELECT m.key, m.uid, (SELECT jsonb_object_agg(n.name, m.state -> p.name) FROM names n LEFT JOIN names p ON (p.slot, p.step, p.num) = (n.slot, of_step, n.num)
        WHERE n.slot = of_slot AND n.step = (SELECT max(step) FROM steps) AND n.num <> ALL (s.ignored)) AS state
      FROM shadow m WHERE m.slot = of_slot AND m.step = of_step) m FULL JOIN rows_of('past', s) a USING (key)
    WHERE known(m.state)::text IS DISTINCT FROM known(a.state)::text AND NOT (is_truncated AND is_old(m.uid)) ORDER BY 1 LIMIT 5;
END $$;

-- The records since the step before: as many of each kind as there were changes, and the last one of each row's history is the last thing that happened to it.
-- A row that a TRUNCATE alone tells of has no history; and what one of several tables does to their partitions may be told row by row as well.
CREATE FUNCTION record_differences(this int) RETURNS SETOF text LANGUAGE sql AS $$
  WITH since AS (SELECT p.last_op, p.at FROM steps p WHERE step = this - 1),
  done AS (SELECT a.* FROM actions a WHERE id > (SELECT last_op FROM since)),
  touched AS (SELECT slot, key, max(id) AS id FROM (SELECT slot, old_key AS key, id FROM done WHERE old_key IS NOT NULL UNION ALL SELECT slot, new_key, id FROM done WHERE new_key IS NOT NULL) t GROUP BY 1, 2),
  expected AS (SELECT t.slot, t.key, COALESCE((SELECT 'truncate' FROM done d WHERE d.slot = t.slot AND d.action = 'truncate' AND d.id > t.id LIMIT 1), d.action) AS action
    FROM touched t JOIN done d USING (id) JOIN keys k ON (k.slot, k.key) = (t.slot, t.key)),
  logged AS (SELECT s.slot, r.action, count(DISTINCT (r.tx, r.seq)) AS n FROM steward.audit_log r JOIN steward.audit_relations e USING (rel_id) JOIN shadowed s ON s.rel = e.rel
    WHERE r.at > (SELECT at FROM since) GROUP BY 1, 2),
  counted AS (SELECT slot, action, count(*) AS n FROM done WHERE NOT (action = 'update' AND arrives) GROUP BY 1, 2)
  SELECT format('row %s of %s: last is %s, not %s', key, s.rel, h.action, e.action) FROM expected e JOIN shadowed s USING (slot)
    LEFT JOIN LATERAL (SELECT action FROM steward.history(s.rel, e.key) ORDER BY id DESC LIMIT 1) h ON true WHERE h.action IS DISTINCT FROM e.action
      AND NOT (e.action = 'truncate' AND NOT EXISTS (SELECT FROM ops o WHERE o.slot = e.slot AND e.key IN (o.old_key, o.new_key) AND o.op <> 'GONE'))
  UNION ALL
  SELECT format('table %s: %s records of %s, not %s', s.rel, COALESCE(l.n, 0), action, COALESCE(c.n, 0)) FROM counted c FULL JOIN logged l USING (slot, action) JOIN shadowed s USING (slot)
    WHERE l.n IS DISTINCT FROM c.n AND NOT (action = 'delete' AND EXISTS (SELECT FROM done d WHERE d.slot = s.slot AND d.action = 'truncate'))
  LIMIT 5 $$;

-- Each column as it is, by whoever acted in the step in which it became so, or in a later one that left no trace.
CREATE FUNCTION blame_differences() RETURNS SETOF text LANGUAGE sql AS $$
  WITH m AS (SELECT m.*, s.rel FROM shadow m JOIN shadowed s USING (slot) WHERE step = (SELECT max(step) FROM steps)),
  b AS (SELECT m.slot, m.key, m.uid, m.rel, m.state, m.step, b.* FROM m, LATERAL steward.blame(m.rel, m.key) b)
  SELECT * FROM (SELECT format('blame of %s of %s: %s', key, rel, difference(m.state, b.state)) FROM m LEFT JOIN (SELECT slot, key, jsonb_object_agg(col, value) AS state FROM b GROUP BY 1, 2) b USING (slot, key)
    WHERE m.state::text IS DISTINCT FROM b.state::text LIMIT 5) v
  UNION ALL
  SELECT * FROM (SELECT format('blame of %s of %s: %s by %s at %s, not in step %s', key, rel, col, COALESCE(actor, 'none'), at, l.step)
    FROM b JOIN names n ON (n.slot, n.step, n.name) = (b.slot, b.step, b.col) LEFT JOIN last_set l ON (l.slot, l.uid, l.num) = (b.slot, b.uid, n.num)
    WHERE l.step > COALESCE(substr(b.actor, 6)::int, 0)
      OR (b.actor IS NOT NULL AND NOT EXISTS (SELECT FROM steps p, steps q WHERE p.step = substr(b.actor, 6)::int AND q.step = p.step - 1 AND b.at > q.at AND b.at <= p.at)
        AND substr(b.actor, 6)::int <= (SELECT max(step) FROM steps))
    LIMIT 5) w $$;

-- What a transaction sees of what it has done itself. Says nothing when that is right.
CREATE FUNCTION differences_now() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE s shadowed;
BEGIN
  FOR s IN SELECT * FROM shadowed LOOP
    RETURN QUERY SELECT format('DIFFERS now: row %s of %s: %s', key, s.rel, difference(m.state, a.got)) FROM (SELECT key FROM keys WHERE slot = s.slot) k FULL JOIN rows_of(s.rel, s) m USING (key)
      CROSS JOIN LATERAL as_of(s.rel, key, 'infinity') a (got)
      WHERE m.state::text IS DISTINCT FROM a.got::text LIMIT 3;
  END LOOP;
END $$;
SQL
  $node->safe_psql('postgres', $sql =~ s/PINNED/$pinned/gr =~ s/OLDEST/$oldest/r);
}

1;

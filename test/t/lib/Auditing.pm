# A table whose changes are recorded twice: in the log, and by a plain trigger in a table of the same transaction.
package Auditing;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Test::More;

our @EXPORT = qw(create_modelled is_model replays some_changes);

# Things: plain, with a key that changes. Spread: partitioned, whose rows move. Both with values that records must get right.
sub create_modelled {
  my ($node, $rows) = @_;
  $node->safe_psql('postgres', qq{
    CREATE EXTENSION IF NOT EXISTS steward;
    CREATE TABLE model (id bigint NOT NULL, xid xid8 NOT NULL DEFAULT pg_current_xact_id(), rel regclass NOT NULL, op text NOT NULL, old_row jsonb, new_row jsonb, said timestamptz NOT NULL DEFAULT statement_timestamp());
    CREATE SEQUENCE model_ids;
    CREATE TABLE things (id bigint PRIMARY KEY, n int, t text, j jsonb);
    CREATE TABLE spread (id bigint, part int, n int, t text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
    CREATE TABLE spread_0 PARTITION OF spread FOR VALUES IN (0);
    CREATE TABLE spread_1 (t text, n int, part int NOT NULL, id bigint NOT NULL);
    ALTER TABLE spread ATTACH PARTITION spread_1 FOR VALUES IN (1);
    CREATE FUNCTION model() RETURNS trigger LANGUAGE plpgsql AS \$\$
    BEGIN
      INSERT INTO model (id, rel, op, old_row, new_row) VALUES (nextval('model_ids'), TG_ARGV[0]::regclass, TG_OP,
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END);
      RETURN NULL;
    END \$\$;
    CREATE TRIGGER model AFTER INSERT OR UPDATE OR DELETE ON things FOR EACH ROW EXECUTE FUNCTION model('things');
    CREATE TRIGGER model AFTER INSERT OR UPDATE OR DELETE ON spread FOR EACH ROW EXECUTE FUNCTION model('spread');
    SELECT steward.audit_table('things'), steward.audit_table('spread', full_rows => true);
    INSERT INTO things SELECT i, 0, 'begun', NULL FROM generate_series(1, $rows) i;
    INSERT INTO spread SELECT i, i % 2, 0, 'begun' FROM generate_series(1, $rows) i});
}

# Transactions of random changes: rows of a few, so that sessions meet; savepoints in all nestings; partitions by themselves.
sub some_changes {
  my ($rows) = @_;
  my $row = sub { 1 + int rand $rows };
  my $n = sub { int rand 1000 };
  my @kinds = (
    sub { 'UPDATE things SET n = ' . $n->() . ' WHERE id = ' . $row->() },
    sub { 'UPDATE things SET n = n + 1, t = repeat(md5(n::text), ' . int(rand 200) . ') WHERE id BETWEEN ' . ($_ = $row->()) . ' AND ' . ($_ + 3) },
    sub { 'UPDATE things SET j = jsonb_build_object(\'a\', n, \'b\', t) WHERE id = ' . $row->() },
    sub { 'UPDATE things SET n = n, t = t WHERE id = ' . $row->() },
    sub { 'DELETE FROM things WHERE id = ' . $row->() },
    sub { 'INSERT INTO things VALUES (' . $row->() . ', ' . $n->() . ", 'inserted') ON CONFLICT DO NOTHING" },
    sub { 'INSERT INTO things VALUES (' . $row->() . ', ' . $n->() . ", 'upserted') ON CONFLICT (id) DO UPDATE SET n = things.n + 1, t = excluded.t" },
    sub { my $id = $row->(); "UPDATE things SET id = -id WHERE id = $id AND NOT EXISTS (SELECT FROM things WHERE id = -$id)" },
    sub { my $id = $row->(); "UPDATE things SET id = -id, n = 7 WHERE id = -$id AND NOT EXISTS (SELECT FROM things WHERE id = $id)" },
    sub { 'UPDATE spread SET n = ' . $n->() . ' WHERE id = ' . $row->() },
    sub { 'UPDATE spread SET part = 1 - part WHERE id = ' . $row->() },
    sub { 'UPDATE spread SET part = 1 - part, n = n + 1 WHERE id = ' . $row->() },
    sub { 'UPDATE spread_1 SET t = ' . $n->() . ' WHERE id = ' . $row->() },
    sub { 'DELETE FROM spread_0 WHERE id = ' . $row->() },
    sub { 'INSERT INTO spread_1 (id, part, n) VALUES (' . $row->() . ', 1, ' . $n->() . ') ON CONFLICT DO NOTHING' },
    sub { 'INSERT INTO spread VALUES (' . $row->() . ', ' . int(rand 2) . ', 0) ON CONFLICT (id, part) DO UPDATE SET n = spread.n + 1' },
    sub { 'MERGE INTO things t USING (VALUES (' . $row->() . '), (' . $row->() . ' + 100000)) v (id) ON t.id = v.id WHEN MATCHED AND t.n % 3 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET n = t.n + 5 WHEN NOT MATCHED THEN DO NOTHING' });
  my $change = sub { $kinds[rand @kinds]->() };
  return $change->() . ';' if rand() < 0.3;
  my ($depth, @steps) = (0, 'BEGIN');
  for (1 .. 2 + int rand 10) {
    my $dice = rand;
    if ($dice < 0.6) { push @steps, $change->() }
    elsif ($dice < 0.75) { push @steps, 'SAVEPOINT s' . ++$depth }
    elsif ($dice < 0.87 && $depth) { push @steps, "ROLLBACK TO s$depth"; push @steps, "RELEASE s$depth" and --$depth if rand() < 0.5 }
    elsif ($depth) { push @steps, "RELEASE s$depth"; --$depth }
  }
  return join(";\n", @steps, rand() < 0.15 ? 'ROLLBACK' : 'COMMIT') . ';';
}

# The log has what the model has, in the same order in each transaction, and nothing else. A row that moves is two changes of one statement
# to the model, and one that changes nothing is one.
my $differences = q{
  WITH moves AS (
    SELECT m.*, lead(op) OVER w AS next_op, lead(new_row) OVER w AS next_row, lag(op) OVER w AS last_op, lag(old_row) OVER w AS last_row,
      lead(said) OVER w = said AS next_is_same, lag(said) OVER w = said AS last_is_same
    FROM model m WHERE m.rel = 'spread'::regclass WINDOW w AS (PARTITION BY xid ORDER BY id)),
  modelled AS (
    SELECT xid, id, 'things' AS rel, op, old_row, new_row FROM model WHERE rel = 'things'::regclass AND old_row IS DISTINCT FROM new_row
    UNION ALL
    SELECT xid, id, 'spread', op, old_row, new_row FROM moves WHERE old_row IS DISTINCT FROM new_row
      AND (op = 'DELETE' AND next_op = 'INSERT' AND next_is_same AND old_row ->> 'id' = next_row ->> 'id' AND old_row ->> 'part' <> next_row ->> 'part') IS NOT TRUE
      AND (op = 'INSERT' AND last_op = 'DELETE' AND last_is_same AND new_row ->> 'id' = last_row ->> 'id' AND new_row ->> 'part' <> last_row ->> 'part') IS NOT TRUE
    UNION ALL
    SELECT xid, id, 'spread', 'UPDATE', old_row, next_row FROM moves
      WHERE op = 'DELETE' AND next_op = 'INSERT' AND next_is_same AND old_row ->> 'id' = next_row ->> 'id' AND old_row ->> 'part' <> next_row ->> 'part'),
  expected AS (
    SELECT xid, rel, row_number() OVER (PARTITION BY xid, rel ORDER BY id) AS nth, op,
      CASE WHEN op = 'UPDATE' AND rel = 'things' THEN (SELECT jsonb_object_agg(key, value) FROM jsonb_each(old_row) WHERE new_row -> key <> value) ELSE old_row END AS was,
      CASE WHEN op = 'UPDATE' AND rel = 'things' THEN (SELECT jsonb_object_agg(key, value) FROM jsonb_each(new_row) WHERE old_row -> key <> value) ELSE new_row END AS becomes
    FROM modelled),
  logged AS (
    SELECT xid, rel, row_number() OVER (PARTITION BY xid, rel ORDER BY id) AS nth, op, was, becomes FROM (
      SELECT DISTINCT ON (tx, seq) xid, rel_name AS rel, id, CASE action WHEN 'create' THEN 'INSERT' ELSE upper(action) END AS op, old_values AS was, new_values AS becomes
      FROM steward.audit_log WHERE rel_name IN ('things', 'spread') ORDER BY tx, seq, id) l)
  SELECT left(concat_ws(' ', xid, rel, nth, e.op, e.was, e.becomes), 300), left(concat_ws(' ', l.op, l.was, l.becomes), 300) FROM expected e FULL JOIN logged l USING (xid, rel, nth)
  WHERE (e.op, e.was, e.becomes) IS DISTINCT FROM (l.op, l.was, l.becomes)
  ORDER BY xid, rel, nth LIMIT 5};

sub is_model {
  my ($node, $name) = @_;
  is($node->safe_psql('postgres', $differences), '', "$name: the log has what was committed, and nothing else");
  is($node->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1}),
    '0', "$name: each record has its transaction, once");
  is($node->safe_psql('postgres', q{SELECT count(*) - count(DISTINCT id) FROM steward.audit_records}), '0', "$name: no id comes twice");
  is($node->safe_psql('postgres', q{SELECT count(*) FROM (SELECT changed, row_number() OVER w AS nth, count(*) OVER (PARTITION BY tx, seq) AS n FROM steward.audit_records WINDOW w AS (PARTITION BY tx, seq)) r
      WHERE n > 2 OR (n = 2 AND NOT changed && '{id,part}')}), '0', "$name: and a change twice only when its key changes");
}

# What is done to the rows in the order of ids leads to what is there.
sub replays {
  my ($node, $name) = @_;
  $node->safe_psql('postgres', q{
    DROP TABLE IF EXISTS replayed;
    CREATE UNLOGGED TABLE replayed (rel text, key text, state jsonb, PRIMARY KEY (rel, key));
    DO $$
    DECLARE r record; before jsonb;
    BEGIN
      FOR r IN SELECT rel_name, action, row_key, old_values, new_values, lead(row_key) OVER w AS new_key, lag(row_key) OVER w AS old_key
        FROM steward.audit_log WHERE rel_name IN ('things', 'spread') WINDOW w AS (PARTITION BY tx, seq ORDER BY id) ORDER BY id
      LOOP
        IF r.new_key IS NOT NULL THEN CONTINUE; END IF;
        IF r.action = 'truncate' THEN
          DELETE FROM replayed WHERE rel = r.rel_name;
        ELSIF r.action = 'create' THEN
          INSERT INTO replayed VALUES (r.rel_name, r.row_key, r.new_values);
        ELSE
          DELETE FROM replayed WHERE rel = r.rel_name AND key = COALESCE(r.old_key, r.row_key) RETURNING state INTO STRICT before;
          IF NOT before @> r.old_values THEN RAISE 'before % of %: %, but it was %', r.action, r.row_key, r.old_values, before; END IF;
          IF r.action = 'update' THEN
            INSERT INTO replayed VALUES (r.rel_name, r.row_key, before || r.new_values);
          ELSIF before <> r.old_values THEN
            RAISE 'deleted %: %, but it was %', r.row_key, r.old_values, before;
          END IF;
        END IF;
      END LOOP;
    END $$});
  is($node->safe_psql('postgres', q{
    WITH present AS (SELECT 'things' AS rel, id::text AS key, to_jsonb(x) AS state FROM things x
      UNION ALL SELECT 'spread', jsonb_build_array(id::text, part::text)::text, to_jsonb(x) FROM spread x)
    SELECT rel, key, left(p.state::text, 200), left(r.state::text, 200) FROM present p FULL JOIN replayed r USING (rel, key) WHERE p.state IS DISTINCT FROM r.state ORDER BY 1, 2 LIMIT 5}),
    '', "$name: replayed in the order of ids, the log leads to what is there");
}

1;

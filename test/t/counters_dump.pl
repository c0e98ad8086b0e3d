# What a dump carries of counters: counts, buckets, last hits, options, triggers; hits go on where they were.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('source', 'fsync = off', "statement_timeout = '60s'");
my $roles = 'CREATE ROLE owner LOGIN; CREATE ROLE app LOGIN';
$node->safe_psql('postgres', "$roles; CREATE DATABASE origin");
$node->safe_psql('origin', q{
  CREATE EXTENSION steward;
  SELECT steward.grant_access('app', 'app'), steward.grant_access('owner', 'app');
  GRANT CREATE ON SCHEMA public TO owner;
  -- A counter that is gone leaves a number that is never used again.
  CREATE TABLE gone (id int PRIMARY KEY, n int NOT NULL DEFAULT 0);
  SELECT steward.create_counter('gone', 'n'), steward.drop_counter('gone', 'n');
  DROP TABLE gone;
  SET ROLE owner;
  CREATE TABLE reports (id bigint PRIMARY KEY, title text, view_count bigint NOT NULL DEFAULT 0, opens int NOT NULL DEFAULT 0, seen timestamptz);
  CREATE TABLE "Seiten ∑" ("Schlüssel" text PRIMARY KEY, "Zähler" bigint NOT NULL DEFAULT 0);
  CREATE TABLE parts (id uuid PRIMARY KEY, n bigint NOT NULL DEFAULT 0) PARTITION BY HASH (id);
  CREATE TABLE parts_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  SELECT steward.create_counter('reports', 'view_count'),
    steward.create_counter('reports', 'opens', bucket => '1 day', time_zone => 'Europe/Berlin', keep => '90 days', last_col => 'seen'),
    steward.create_counter('"Seiten ∑"', 'Zähler'), steward.create_counter('parts', 'n', bucket => '1 hour');
  INSERT INTO reports (id, view_count) SELECT n, n FROM generate_series(1, 20) n;
  INSERT INTO "Seiten ∑" VALUES ('a\b'), (E'tab\there'), ('∑'), (E'line\nfeed'), ('');
  INSERT INTO parts SELECT ('00000000-0000-0000-0000-' || lpad(n::text, 12, '0'))::uuid FROM generate_series(1, 10) n;
  GRANT SELECT, UPDATE, DELETE ON reports, "Seiten ∑", parts TO app});
$node->safe_psql('origin', q{SELECT steward.hit('reports', id, 10, 'view_count') FROM reports WHERE id <= 10;
  SELECT steward.hit('reports', id, 2, 'opens') FROM reports WHERE id <= 5;
  CALL steward.fold_counters('reports');
  SELECT steward.hit('reports', id, 5, 'view_count'), steward.hit('reports', id, 1, 'opens') FROM reports WHERE id BETWEEN 4 AND 12;
  SELECT steward.hit('"Seiten ∑"', "Schlüssel", length("Schlüssel") + 1) FROM "Seiten ∑";
  SELECT steward.hit('parts', id, 3) FROM parts});

# The answers that must survive.
my $facts = q{
  SET time zone 'UTC';
  SELECT 'count', key, value::text FROM steward.counts('reports', 'view_count')
  UNION ALL SELECT 'opens', key, value::text FROM steward.counts('reports', 'opens')
  UNION ALL SELECT 'seite', key, value::text FROM steward.counts('"Seiten ∑"')
  UNION ALL SELECT 'part', key, value::text FROM steward.counts('parts')
  UNION ALL SELECT 'row', id::text, concat_ws(' ', view_count, opens, seen) FROM reports
  UNION ALL SELECT 'series', r.id::text, concat_ws(' ', s.bucket_start, s.value) FROM reports r,
    steward.count_series('reports', r.id, '2000-01-01', '2100-01-01', 'opens') s
  UNION ALL SELECT 'top', key, value::text FROM steward.top_counts('reports', '2000-01-01', 3, 'opens')
  UNION ALL SELECT 'last', counter || ' ' || key, value::text FROM steward._last_hits
  UNION ALL SELECT 'counter', rel || ' ' || col, concat_ws(' ', bucket, time_zone, keep, last_col, cells, total, unfolded, mode, bound) FROM steward.counter_stats
  UNION ALL SELECT 'trigger', tgrelid::regclass || ' ' || tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE tgname ~ '^steward'
  UNION ALL SELECT 'numbers', NULL, last_value::text FROM steward._counter_ids
  ORDER BY 1, 2, 3};
my $before = $node->safe_psql('origin', $facts);
for my $fact ('count|1|11', 'count|5|20', 'count|20|20', 'opens|5|3', 'top|4|3', 'seite|∑|2', 'part|00000000-0000-0000-0000-000000000001|3') {
  like($before, qr/^\Q$fact\E$/m, "the facts are there to begin with: $fact");
}
like($before, qr/^row\|5\|15 2 2/m, 'some of what was folded is old');
sub is_same { my ($server, $database, $name) = @_; is_deeply([ split /\n/, $server->safe_psql($database, $facts) ], [ split /\n/, $before ], $name) }

# Hits, deletes, key changes, folds and new counters go on as they would have in the original.
sub goes_on {
  my ($server, $database, $where) = @_;
  my $as = sub { return $server->safe_psql($database, "SET ROLE $_[0]; $_[1]") };
  is($as->('app', q{SELECT steward.hit('reports', 5, col => 'view_count'), steward.hit('reports', 20, col => 'view_count'), steward.hit('reports', 5, col => 'opens')}),
    '21|21|4', "$where: hits go on from where they were");
  is($as->('app', q{BEGIN; SELECT steward.hit('reports', 5, 100, 'view_count'); ROLLBACK; SELECT steward.count_of('reports', 5, 'view_count')}), "121\n21",
    "$where: and count nothing when rolled back");
  is($as->('app', q{SELECT steward.hit('"Seiten ∑"', E'line\nfeed'), steward.hit('parts', '00000000-0000-0000-0000-000000000007'::uuid)}), '11|4', "$where: with any key");
  is($as->('app', q{SELECT sum(value) FROM steward.count_series('reports', 5, '2000-01-01', '2100-01-01', 'opens')}), '4', "$where: buckets are counted on");
  is(sqlstate_of($server, 'CALL steward.fold_counters()', database => $database), '', "$where: the fold goes on");
  is($server->safe_psql($database, q{SELECT count(*) FROM reports WHERE view_count <> steward.count_of('reports', id, 'view_count') OR opens <> steward.count_of('reports', id, 'opens')}),
    '0', "$where: into the table");
  $as->('app', 'DELETE FROM reports WHERE id = 5');
  $as->('owner', q{UPDATE reports SET id = 40 WHERE id = 4; INSERT INTO reports (id) VALUES (5)});
  is($as->('app', q{SELECT steward.count_of('reports', 40, 'view_count'), steward.count_of('reports', 40, 'opens'), steward.hit('reports', 5, col => 'view_count'), steward.count_of('reports', 5, 'opens')}),
    '19|3|1|0', "$where: counts go and move with their rows");
  $as->('owner', q{CREATE TABLE later (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); INSERT INTO later VALUES (1); SELECT steward.create_counter('later', 'n')});
  is($as->('owner', q{SELECT steward.hit('later', 1, 3)}), '3', "$where: there is a number for a new counter");
  is($server->safe_psql($database, q{SELECT count(*) - count(DISTINCT id), max(id) FROM steward._counters}), '0|6', "$where: which nobody has had");
  is(sqlstate_of($server, q{UPDATE steward._counts SET value = 0}, database => $database), '42501', "$where: cells are guarded");
  is(sqlstate_of($server, q{SET ROLE owner; DELETE FROM steward._counts}, database => $database), '42501', "$where: from the owner of tables too");
  is($as->('owner', q{SELECT steward.drop_counter('reports', 'view_count'), steward.drop_counter('reports', 'opens'); SELECT view_count, opens FROM reports WHERE id = 40}),
    "|\n19|3", "$where: counters can be dropped");
}

my $dump = dump_of($node, 'origin');
my $other = new_node('target', 'fsync = off', "statement_timeout = '60s'");
$other->safe_psql('postgres', $roles);

for my $target ([ $node, 'same cluster' ], [ $other, 'new cluster' ]) {
  my ($server, $where) = @$target;
  # OIDs differ from the original's.
  $server->safe_psql('postgres', 'CREATE DATABASE copy; CREATE TABLE padding (a int); DROP TABLE padding');
  is(restore_into($server, 'copy', $dump), '', "$where: restores without a word");
  is_same($server, 'copy', "$where: everything is as it was");
  is(dump_of($server, 'copy'), $dump, "$where: its dump is the same");
  goes_on($server, 'copy', $where);
}

# Archives, restored in parallel and by pieces.
my $archive = PostgreSQL::Test::Utils::tempdir() . '/archive';
command_ok([ 'pg_dump', '-Fd', '-j', 2, '-f', $archive, '-d', $node->connstr('origin') ], 'a dump of files');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j', 2, '-d', $node->connstr('parallel'), $archive ], 'restored in parallel');
is_same($node, 'parallel', 'parallel: everything is as it was');
goes_on($node, 'parallel', 'parallel');

# The schema, and the data after it.
$node->safe_psql('postgres', 'CREATE DATABASE pieces');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--schema-only')), '', 'the schema alone restores');
is($node->safe_psql('pieces', q{SELECT (SELECT count(*) FROM steward._counters), (SELECT count(*) FROM steward._counts), (SELECT count(*) FROM reports)}), '0|0|0', 'and has no count');
is(sqlstate_of($node, q{INSERT INTO reports VALUES (1); SELECT steward.hit('reports', 1)}, database => 'pieces'), 'QN001', 'its triggers know of no counter');
is(sqlstate_of($node, q{DELETE FROM reports; UPDATE reports SET id = 2; TRUNCATE reports}, database => 'pieces'), '', 'and are in nobody\'s way');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--data-only')), '', 'the data restores after it');
is_same($node, 'pieces', 'pieces: everything is as it was');
goes_on($node, 'pieces', 'pieces');

# A schema alone in which counters are made anew.
$node->safe_psql('postgres', 'CREATE DATABASE anew');
restore_into($node, 'anew', dump_of($node, 'origin', '--schema-only'));
is(sqlstate_of($node, q{SET ROLE owner; SELECT steward.create_counter('reports', 'view_count'); INSERT INTO reports (id) VALUES (1)}, database => 'anew'), '', 'counters can be made anew on a schema');
is($node->safe_psql('anew', q{SELECT steward.hit('reports', 1); DELETE FROM reports; INSERT INTO reports (id) VALUES (1); SELECT steward.hit('reports', 1)}), "1\n1", 'and work');

# One table, by an owner who is no superuser, into a database that has the extension.
$node->safe_psql('postgres', 'CREATE DATABASE alone; ALTER DATABASE alone OWNER TO owner');
$node->safe_psql('alone', q{CREATE EXTENSION steward; GRANT CREATE ON SCHEMA public TO owner; SELECT steward.grant_access('owner', 'app')});
my $table = dump_of($node, 'origin', '-t', 'reports');
is(restore_into($node, 'alone', "SET ROLE owner; $table"), '', 'a table alone restores, by its owner');
is($node->safe_psql('alone', 'SELECT id, view_count FROM reports WHERE id IN (1, 4, 12) ORDER BY 1'), "1|11\n4|14\n12|12", 'with what was folded');
is(sqlstate_of($node, q{SET ROLE owner; SELECT steward.hit('reports', 1)}, database => 'alone'), 'QN001', 'and no counter');
is($node->safe_psql('alone', q{SET ROLE owner; DELETE FROM reports WHERE id = 2; SELECT steward.create_counter('reports', 'view_count'); SELECT steward.hit('reports', 1)}), "\n12",
  'until there is one');

# Nobody can bring in cells for counters of others.
is(sqlstate_of($node, q{SET ROLE owner; INSERT INTO steward._counts VALUES (1, true, 0, 1, 'x')}, database => 'origin'), '42501', 'cells are restored by their owner only');

# In mode row, with deltas that wait for the fold.
$node->safe_psql('origin', q{SELECT steward.set_cell_mode('row'); SELECT steward.hit('reports', 7, 9, 'view_count'); SELECT steward.hit('reports', 7, 2, 'opens')});
$before = $node->safe_psql('origin', $facts);
like($before, qr/^count\|7\|31$/m, 'mode row: there are deltas');
$dump = dump_of($node, 'origin');
$other->safe_psql('postgres', 'CREATE DATABASE deltas');
is(restore_into($other, 'deltas', $dump), '', 'mode row: restores without a word');
is_same($other, 'deltas', 'mode row: everything is as it was');
is(dump_of($other, 'deltas'), $dump, 'mode row: its dump is the same');
is($other->safe_psql('deltas', q{SELECT steward.hit('reports', 7, 1, 'view_count'); CALL steward.fold_counters(); SELECT view_count, opens FROM reports WHERE id = 7}), "32\n32|3",
  'mode row: counts go on');

$node->safe_psql('parallel', 'DROP EXTENSION steward CASCADE');
is($node->safe_psql('parallel', q{SELECT (SELECT count(*) FROM pg_trigger WHERE tgname ~ 'steward'), (SELECT count(*) FROM pg_namespace WHERE nspname = 'steward')}), '0|0',
  'DROP EXTENSION leaves nothing');

done_testing();

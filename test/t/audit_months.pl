# The months of the log: made, filled, retired, held and restored as any other's; what a dump carries of them; and who opens the log.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('source', 'fsync = off', "statement_timeout = '120s'");
$node->safe_psql('postgres', 'CREATE ROLE app LOGIN; CREATE DATABASE origin');
$node->safe_psql('origin', q{CREATE EXTENSION steward; SELECT steward.grant_access('app', 'app')});

# An event of a role with level app opens the log, and makes nothing that others would wait for.
my $managed = q{SELECT string_agg(concat_ws(' ', rel, every, time_zone, retention), ', ' ORDER BY rel::text) FROM steward.partition_sets};
my $both = 'steward.audit_records 1 mon UTC, steward.audit_transactions 1 mon UTC';
$node->safe_psql('origin', q{SET ROLE app; BEGIN; SELECT steward.record_event('read', 'report', '1'); ROLLBACK});
is($node->safe_psql('origin', $managed), '', 'what is rolled back has opened nothing');
is($node->safe_psql('origin', qq{SET ROLE app; BEGIN; SELECT steward.record_event('read', 'report', '1'); ROLLBACK;
  SELECT steward.record_event('read', 'report', '2'); RESET ROLE; $managed}), "\n\n$both", 'nor does the session believe that it has');
is($node->safe_psql('origin', q{SELECT string_agg(row_key, ' ') FROM steward.audit_log}), '2', 'the event is there');

# Two at once, of which neither waits.
$node->safe_psql('origin', q{SELECT steward.unmanage_partitions(rel) FROM steward.partition_sets});
my $first = $node->background_psql('origin', verbose => 0);
$first->query_safe(q{BEGIN; SELECT steward.record_event('read', 'report', '3')});
is(sqlstate_of($node, q{SET lock_timeout = '2s'; SELECT steward.record_event('read', 'report', '4')}, database => 'origin'), '', 'another one does not wait');
$first->query_safe('COMMIT');
$first->quit;
is($node->safe_psql('origin', $managed), $both, 'the log is open');

# Months are made by maintenance, and what was recorded before moves there.
sub months {
  my ($database, $time) = @_;
  $node->safe_psql($database, "SET steward.now = '$time'; SET steward.partition_max_drops = 100; CALL steward.maintain_partitions()");
  return $node->safe_psql($database, q{SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class WHERE relname ~ '^audit_records_y' AND relkind = 'r' AND relispartition});
}
$node->safe_psql('origin', q{
  INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action, row_key) SELECT n, '2030-01-31 12:00Z'::timestamptz + n * interval '1 minute', n, 1, 1, 'read', n
    FROM generate_series(100001, 101500) n;
  INSERT INTO steward.audit_transactions (tx, at, xid, login_role, role) SELECT n, '2030-01-31 12:00Z'::timestamptz + n * interval '1 minute', '1', 'a', 'a'
    FROM generate_series(100001, 101500) n;
  INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action, row_key) VALUES (-1, '2030-03-01Z', -1, 1, 1, 'read', 'x'), (-2, '2030-04-01Z', -1, 1, 1, 'read', 'y')});
my $rows = q{SELECT count(*), min(id), max(id), md5(string_agg(r::text, '|' ORDER BY id)) FROM steward.audit_records r};
my $all = $node->safe_psql('origin', $rows);
like(months('origin', '2030-05-15'), qr/audit_records_y2030m03 audit_records_y2030m04 .*audit_records_y2030m05/, 'months are made');
is($node->safe_psql('origin', $rows), $all, 'no record is lost');
is($node->safe_psql('origin', q{SELECT count(*) FROM ONLY steward.audit_records_default}), '0', 'none is left in the default partition');
is($node->safe_psql('origin', q{SELECT tableoid::regclass FROM steward.audit_records WHERE id = -1}), 'steward.audit_records_y2030m03', 'each is in its month');

# As the default partition is.
my $alike = q{SELECT rel, count(*), min(n), max(n), min(indexes) = max(indexes), min(triggers) = max(triggers) FROM (
  SELECT inhparent::regclass AS rel, inhrelid,
    (SELECT count(*) FROM pg_index x WHERE x.indrelid = h.inhrelid) AS n,
    (SELECT string_agg(d, ',' ORDER BY d) FROM pg_index x, regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', '') d WHERE x.indrelid = h.inhrelid) AS indexes,
    (SELECT string_agg(concat_ws(' ', tgname, tgenabled, tgtype, tgfoid::regproc), ',' ORDER BY tgname) FROM pg_trigger t WHERE t.tgrelid = h.inhrelid) AS triggers
  FROM pg_inherits h WHERE inhparent::regclass::text ~ '^steward.audit_') m
  GROUP BY rel ORDER BY rel::text};
like($node->safe_psql('origin', $alike), qr/^steward.audit_records\|\d+\|3\|3\|t\|t\nsteward.audit_transactions\|\d+\|3\|3\|t\|t$/, 'all months have the same indexes and triggers');

# Retention, with a hold, the bin and back.
$node->safe_psql('origin', q{SELECT steward.hold_partition('steward.audit_records_y2030m04')});
$node->safe_psql('origin', q{SET steward.now = '2030-05-15'; SELECT steward.manage_partitions('steward.audit_records', retention => '14 days')});
unlike(months('origin', '2030-05-16'), qr/y2030m03/, 'what is too old goes');
is($node->safe_psql('origin', q{SELECT string_agg(part::text, ' ' ORDER BY part::text) FROM steward.recycled_partitions WHERE part::text ~ '2030m0[34]'}), 'steward.audit_records_y2030m03', 'to the bin, but not what is held');
is(sqlstate_of($node, 'DELETE FROM steward.audit_records_y2030m03', database => 'origin'), 'QA002', 'where it is guarded, too');
$node->safe_psql('origin', q{SET steward.now = '2030-05-16'; SELECT steward.restore_partition('steward.audit_records_y2030m03')});
is($node->safe_psql('origin', q{SELECT count(*) FROM steward.audit_records WHERE id < 0}), '2', 'and comes back');
$node->safe_psql('origin', q{SELECT steward.unhold_partition('steward.audit_records_y2030m04')});
unlike(months('origin', '2030-05-17'), qr/y2030m04/, 'what is no longer held goes');
months('origin', '2030-06-17');
is($node->safe_psql('origin', q{SELECT to_regclass('steward.audit_records_y2030m04')}), '', 'and is dropped in the end');
is($node->safe_psql('origin', q{SELECT last_error FROM steward._partition_runs WHERE last_error IS NOT NULL}), '', 'nothing went wrong');

# A dump.
my $facts = qq{$managed; $rows; $alike;
  SELECT c.oid::regclass, pg_get_expr(relpartbound, c.oid), COALESCE(relacl, acldefault('r', relowner)) FROM pg_class c WHERE relnamespace = 'steward'::regnamespace AND relispartition AND relkind = 'r' ORDER BY relname;
  SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid::regclass::text ~ 'steward.audit_.*_y' ORDER BY 1;
  SELECT part, rel FROM steward.recycled_partitions ORDER BY part::text; SELECT part FROM steward.held_partitions ORDER BY 1; SELECT count(*) FROM steward.audit_log};
my $before = $node->safe_psql('origin', $facts);
my $dump = dump_of($node, 'origin');
$node->safe_psql('postgres', 'CREATE DATABASE copy');
is(restore_into($node, 'copy', $dump), '', 'restores without a word');
is_deeply([ split /\n/, $node->safe_psql('copy', $facts) ], [ split /\n/, $before ], 'everything is as it was');
is(dump_of($node, 'copy'), $dump, 'its dump is the same');
like(months('copy', '2030-09-15'), qr/y2030m09 .*y2031m01/, 'months are made in the copy, too');
like($node->safe_psql('copy', $alike), qr/^steward.audit_records\|\d+\|3\|3\|t\|t\nsteward.audit_transactions\|\d+\|3\|3\|t\|t$/, 'as the others are');
is(sqlstate_of($node, 'TRUNCATE steward.audit_records', database => 'copy'), 'QA002', 'the copy is guarded');
my $archive = PostgreSQL::Test::Utils::tempdir() . '/archive';
command_ok([ 'pg_dump', '-Fd', '-j', 2, '-f', $archive, '-d', $node->connstr('origin') ], 'a dump of files');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j', 4, '-d', $node->connstr('parallel'), $archive ], 'restored in parallel');
is_deeply([ split /\n/, $node->safe_psql('parallel', $facts) ], [ split /\n/, $before ], 'everything is as it was');

# Nothing is left behind; only what is in the bin has to be dropped on purpose.
$node->safe_psql('copy', q{DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT part FROM steward.recycled_partitions LOOP EXECUTE format('DROP TABLE %s', t); END LOOP; END $$});
is(sqlstate_of($node, q{BEGIN; SELECT steward.record_event('read', 'report', '9'); SAVEPOINT s; SELECT steward.record_event('read', 'report', '10'); DROP EXTENSION steward; COMMIT}, database => 'copy'), '',
  'the extension can be dropped, also where something waits to be recorded');
is($node->safe_psql('copy', q{SELECT count(*) FROM pg_class WHERE relname ~ 'audit'}), '0', 'with all its months');
is(sqlstate_of($node, 'CREATE EXTENSION steward', database => 'copy'), '', 'and made again');

done_testing();

# The log's months while it is written: made, attached and retired, and nobody's write fails for it or goes astray.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Auditing;
use Session;
use Steward;

my $rows = 20;
my $node = new_node('main', 'fsync = off', "statement_timeout = '120s'");
# Room for records of former times, which have smaller ids.
$node->safe_psql('postgres', q{CREATE EXTENSION steward; SELECT setval('steward._audit_ids', 100000), setval('steward._audit_txs', 100000)});
create_modelled($node, $rows);
my $month = $node->safe_psql('postgres', 'SELECT tableoid::regclass FROM steward.audit_records LIMIT 1');
my $bounds = $node->safe_psql('postgres', "SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE oid = '$month'::regclass");
sub where_is { my ($n) = @_; $node->safe_psql('postgres', "SELECT tableoid::regclass FROM steward.audit_records WHERE new_values ->> 'n' = '$n' AND action = 'create'") }

# ---- a month that is attached while a writer waits for the partition that it took to be the right one

$node->safe_psql('postgres', "ALTER TABLE steward.audit_records DETACH PARTITION $month");
my ($maker, $writer) = (Session->new($node), Session->new($node));
is($writer->ask('INSERT INTO things VALUES (1001, 1001); DELETE FROM things WHERE id = 1001'), '', 'without its month a change goes to the default partition');
is(where_is(1001), 'steward.audit_records_default', 'that is, there');
$node->safe_psql('postgres', q{ALTER TABLE steward.audit_records_default DISABLE TRIGGER guard_audit; DELETE FROM steward.audit_records_default; ALTER TABLE steward.audit_records_default ENABLE ALWAYS TRIGGER guard_audit});
$maker->ask("BEGIN; ALTER TABLE steward.audit_records ATTACH PARTITION $month $bounds");
$writer->tell('INSERT INTO things VALUES (1002, 1002)');
wait_until($node, 'the writer waits', "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = " . $writer->pid);
is($maker->ask('COMMIT'), '', 'the month is attached');
is($writer->answer, '', 'the writer goes on');
is(where_is(1002), $month, 'with the month that it has got meanwhile');
is($node->safe_psql('postgres', 'SELECT count(*) FROM steward.audit_records_default'), '0', 'not where the month is no longer');

# The other way: one that goes while it is waited for.
$maker->ask("BEGIN; ALTER TABLE steward.audit_records DETACH PARTITION $month");
$writer->tell('INSERT INTO things VALUES (1003, 1003)');
wait_until($node, 'the writer waits', "SELECT wait_event_type = 'Lock' FROM pg_stat_activity WHERE pid = " . $writer->pid);
$maker->ask('COMMIT');
is($writer->answer, '', 'the writer goes on');
is(where_is(1003), 'steward.audit_records_default', 'without the month that has gone');
is($node->safe_psql('postgres', "SELECT count(*) FROM $month WHERE new_values ->> 'n' = '1003'"), '0', 'in which nobody would find it');
is(sqlstate_of($node, "ALTER TABLE steward.audit_records DETACH PARTITION $month CONCURRENTLY"), '55000', 'none is detached concurrently beside a default partition');
$_->quit for $maker, $writer;
$node->safe_psql('postgres', qq{ALTER TABLE steward.audit_records_default DISABLE TRIGGER guard_audit; CREATE TEMP TABLE kept AS SELECT * FROM steward.audit_records_default; DELETE FROM steward.audit_records_default;
  ALTER TABLE steward.audit_records_default ENABLE ALWAYS TRIGGER guard_audit; ALTER TABLE steward.audit_records ATTACH PARTITION $month $bounds; INSERT INTO steward.audit_records SELECT * FROM kept;
  DELETE FROM model WHERE (new_row ->> 'n')::int IN (1001) OR (old_row ->> 'n')::int IN (1001)});

# ---- months that come and go under load

$node->safe_psql('postgres', q{
  INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action, row_key) SELECT 1000 - n, date_trunc('month', now()) - n * interval '1 day', 1000 - n, 1, 1, 'read', n FROM generate_series(1, 400) n;
  INSERT INTO steward.audit_transactions (tx, at, xid, login_role, role) SELECT 1000 - n, date_trunc('month', now()) - n * interval '1 day', '1', 'a', 'a' FROM generate_series(1, 400) n;
  SELECT steward.manage_partitions(rel, since => now() - interval '14 months') FROM steward.partition_sets});
$node->safe_psql('postgres', 'CALL steward.maintain_partitions()');
my $load = start_clients($node, 4, sub { some_changes($rows) }, first => '\set ON_ERROR_STOP 0');
wait_until($node, 'changes', 'SELECT count(*) > 200 FROM model');
my $before = $node->safe_psql('postgres', 'SELECT count(*) FROM model');
for my $retention ('12 months', '9 months', '6 months', '3 months') {
  my $error = sqlstate_of($node, "SELECT steward.manage_partitions(rel, retention => '$retention', keep_detached => '0') FROM steward.partition_sets; CALL steward.maintain_partitions()");
  # A lock that is not to be had within the budget is left for the next run, with a WARNING.
  unlike($error, qr/^\w{5}$/, "retention of $retention under load");
}
wait_until($node, 'more changes', "SELECT count(*) > $before + 300 FROM model");
$node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()});
finish_clients($load);
wait_until($node, 'all sessions have ended', q{SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())});
# A set that found no lock is let be for a while.
sub maintain {
  for my $hour (1 .. 20) {
    last if $node->safe_psql('postgres', 'SELECT count(*) FROM steward.plan_partitions()') eq '0';
    $node->safe_psql('postgres', "SELECT set_config('steward.now', (now() + interval '$hour hours')::text, false); CALL steward.maintain_partitions()");
  }
}
maintain();
is($node->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_records WHERE at < date_trunc('month', now()) - interval '4 months'}), '0', 'what is too old has gone');
is($node->safe_psql('postgres', q{SELECT count(*) > 60 FROM steward.audit_records WHERE id < 1000}), 't', 'what is not has not');
is($node->safe_psql('postgres', 'SELECT count(*) FROM steward.audit_records_default'), '0', 'all is in its month');
my $errors = slurp_file($node->logfile);
my $known = qr/deadlock detected|current transaction is aborted|savepoint "s\d" does not exist|terminating connection|duplicate key|moved to another partition due to concurrent|beside a default|cannot detach partitions concurrently/;
is(join("\n", grep { !/$known/ } $errors =~ /(?:ERROR|PANIC|FATAL): .*/g), '', 'no statement failed for it');
is_model($node, 'under load');
replays($node, 'under load');

# ---- what was in a month that has gone is not made up

$node->safe_psql('postgres', q{CREATE TABLE old (id int PRIMARY KEY, v text); SELECT steward.audit_table('old')});
$node->safe_psql('postgres', q{
  SELECT steward.manage_partitions(rel, retention => '0', since => now() - interval '4 months') FROM steward.partition_sets;
  INSERT INTO old VALUES (1, 'now'), (2, 'now');
  UPDATE steward.audit_relations SET since = now() - interval '4 months' WHERE rel = 'old'::regclass;
  UPDATE steward._audit_versions SET at = now() - interval '4 months', from_id = 1 WHERE rel_id = (SELECT rel_id FROM steward.audit_relations WHERE rel = 'old'::regclass);
  INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action, row_key, new_values)
  SELECT 100 + k, now() - interval '3 months', 1, 1, rel_id, 'create', k, jsonb_build_object('id', k, 'v', 'then') FROM steward.audit_relations, (VALUES (3), (4)) n (k) WHERE rel = 'old'::regclass;
  INSERT INTO steward.audit_records (id, at, tx, seq, rel_id, action, row_key, changed, old_values, new_values)
  SELECT 200, now() - interval '3 minutes', 1, 1, rel_id, 'update', 4, '{v}', '{"v": "then"}', '{"v": "later"}' FROM steward.audit_relations WHERE rel = 'old'::regclass});
my $then = q{steward.row_as_of('old', %d, now() - interval '2 months')};
is($node->safe_psql('postgres', 'SELECT ' . sprintf $then, 3), '{"v": "then", "id": 3}', 'what the log has it tells');
$node->safe_psql('postgres', q{SELECT steward.manage_partitions(rel, retention => '1 month') FROM steward.partition_sets});
maintain();
is(sqlstate_of($node, 'SELECT ' . sprintf $then, $_), 'QA003', "what it no longer has it does not: row $_") for 3, 4, 99;
is($node->safe_psql('postgres', q{SELECT steward.row_as_of('old', 1, clock_timestamp())}), '{"v": "now", "id": 1}', 'the rest it does');
is_sound($node, 'tables and indexes are sound');
done_testing();

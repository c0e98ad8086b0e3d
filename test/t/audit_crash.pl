# Backends and servers that die under load: the log has the changes that are there, and no others.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Auditing;
use Steward;

my $rows = 60;
my $clients = 6;

my $node = new_node('main', 'fsync = off', 'restart_after_crash = on', "deadlock_timeout = '20ms'", 'max_prepared_transactions = 5');
create_modelled($node, $rows);

my $others = q{FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};

sub stands {
  my ($name, $strike) = @_;
  my $before = $node->safe_psql('postgres', 'SELECT count(*) FROM model');
  my $load = start_clients($node, $clients, sub { some_changes($rows) }, first => '\set ON_ERROR_STOP 0');
  wait_until($node, 'changes', "SELECT (SELECT count(*) FROM model) >= $before + 400");
  $node->safe_psql('postgres', 'CHECKPOINT');
  wait_until($node, 'more changes', "SELECT (SELECT count(*) FROM model) >= $before + 800");
  $strike->();
  finish_clients($load);
  $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
  wait_until($node, 'all sessions have ended', "SELECT NOT EXISTS (SELECT $others)");
  is_model($node, $name);
  replays($node, $name);
}

stands('termination of all sessions', sub { $node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) $others") });
for my $time ('once', 'again') {
  stands("kill -9 of a backend, $time", sub {
    my $pid = $node->safe_psql('postgres', "SELECT pid $others ORDER BY random() LIMIT 1");
    kill 'KILL', $pid or die "could not kill $pid" });
  stands("kill -9 of the postmaster, $time", sub { kill_and_start($node) });
}
stands('immediate stop', sub { $node->stop('immediate'); $node->start });

# What is prepared has its records through a crash, and they are seen when it is committed.
$node->safe_psql('postgres', q{
  BEGIN; INSERT INTO things VALUES (100001, 1, 'prepared'); UPDATE spread_1 SET n = -1; SAVEPOINT s; DELETE FROM things WHERE id < 0; ROLLBACK TO s;
  PREPARE TRANSACTION 'kept'; BEGIN; INSERT INTO things VALUES (100002, 1, 'prepared'); PREPARE TRANSACTION 'dropped'});
kill_and_start($node);
is_model($node, 'prepared');
is($node->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_log WHERE row_key IN ('100001', '100002')}), '0', 'prepared: not yet in the log');
$node->safe_psql('postgres', q{COMMIT PREPARED 'kept'});
$node->safe_psql('postgres', q{ROLLBACK PREPARED 'dropped'});
is_model($node, 'committed');
replays($node, 'committed');
is($node->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_log WHERE row_key IN ('100001', '100002')}), '1', 'committed: in the log');
$node->safe_psql('postgres', q{INSERT INTO things VALUES (100003, 1, 'after')});
is_model($node, 'going on');

is_sound($node, 'tables and indexes are sound');
my $errors = slurp_file($node->logfile);
my $known = qr/deadlock detected|current transaction is aborted|savepoint "s\d" does not exist|terminating connection|the database system is|duplicate key|moved to another partition due to concurrent/;
is(join("\n", grep { !/$known/ } $errors =~ /(?:ERROR|PANIC|FATAL): .*/g), '', 'statements failed because they met others, or the end, alone');
$node->stop;
command_ok([ 'pg_checksums', '--check', '-D', $node->data_dir ], 'all checksums are right');

done_testing();

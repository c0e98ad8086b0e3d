# Sessions that change the same rows at once: the log is what they have done, in the order in which they did it; and nobody acts for the next
# who has the session.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Auditing;
use Session;
use Steward;

my $rows = 40;
my $sessions = 8;

my $node = new_node('main', 'fsync = off', "statement_timeout = '60s'", "deadlock_timeout = '20ms'");
create_modelled($node, $rows);

sub work {
  my ($name, $first) = @_;
  my $load = start_clients($node, $sessions, sub { some_changes($rows) }, first => "\\set ON_ERROR_STOP 0\n$first");
  my $count = 'SELECT count(*) FROM model';
  my $before = $node->safe_psql('postgres', $count);
  wait_until($node, 'changes', "SELECT ($count) >= $before + 3000");
  $node->safe_psql('postgres', q{SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()});
  finish_clients($load);
  wait_until($node, 'all sessions have ended', q{SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())});
  is_model($node, $name);
  replays($node, $name);
  note sprintf '%s: %d changes', $name, $node->safe_psql('postgres', $count) - $before;
}

work('read committed', '');
work('repeatable read', "SET default_transaction_isolation = 'repeatable read';");
work('degrade', "SET steward.audit_on_error = 'degrade';");
is($node->safe_psql('postgres', 'SELECT count(*) FROM steward.audit_gaps'), '0', 'and nothing is missing');
my $errors = slurp_file($node->logfile);
my $known = qr/deadlock detected|could not serialize|current transaction is aborted|savepoint "s\d" does not exist|terminating connection|duplicate key|moved to another partition due to concurrent/;
is(join("\n", grep { !/$known/ } $errors =~ /(?:ERROR|PANIC|FATAL): .*/g), '', 'statements failed because they met others alone');

# Behind a pooler each transaction of a session may be somebody else's.
$node->safe_psql('postgres', q{CREATE TABLE acts (n int PRIMARY KEY); SELECT steward.audit_table('acts')});
my $session = Session->new($node);
my $actors = q{SELECT string_agg(row_key || ' ' || CASE actor WHEN current_user THEN '-' ELSE actor END, ', ' ORDER BY id) FROM steward.audit_log WHERE rel_name = 'acts'};
$session->ask($_) for
  q{BEGIN; SELECT steward.set_actor('a'); INSERT INTO acts VALUES (1); COMMIT},
  q{INSERT INTO acts VALUES (2)},
  q{BEGIN; SELECT steward.set_actor('b'); ROLLBACK},
  q{INSERT INTO acts VALUES (3)},
  q{BEGIN; SELECT steward.set_actor('c'); SAVEPOINT s; SELECT steward.set_actor('d'); INSERT INTO acts VALUES (4); ROLLBACK TO s; INSERT INTO acts VALUES (5); COMMIT},
  q{BEGIN; INSERT INTO acts VALUES (6); COMMIT},
  q{BEGIN; SELECT steward.set_actor('e'); SELECT 1/0; COMMIT},
  q{INSERT INTO acts VALUES (7)},
  q{BEGIN; SELECT steward.set_actor('f'); INSERT INTO acts VALUES (8); SAVEPOINT s; SELECT steward.set_actor('g'); INSERT INTO acts VALUES (9); RELEASE s; INSERT INTO acts VALUES (10); COMMIT},
  q{INSERT INTO acts VALUES (11)},
  q{SELECT steward.set_actor('h', local => false)},
  q{INSERT INTO acts VALUES (12)},
  q{DISCARD ALL},
  q{INSERT INTO acts VALUES (13)},
  q{SET "request.jwt.claims" = '{"sub": "i"}'; INSERT INTO acts VALUES (14)},
  q{BEGIN; SET LOCAL "request.jwt.claims" = '{"sub": "j"}'; INSERT INTO acts VALUES (15); COMMIT},
  q{RESET "request.jwt.claims"; INSERT INTO acts VALUES (16)};
is($node->safe_psql('postgres', $actors), '1 a, 2 -, 3 -, 5 c, 6 -, 7 -, 8 f, 9 g, 10 g, 11 -, 12 h, 13 -, 14 i, 15 j, 16 -', 'nobody acts in another\'s transaction');
$session->quit;

is_sound($node, 'tables and indexes are sound');
done_testing();

# Backends and servers that die under load: what was used is what has been committed, to the unit, and nothing stays held.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Counting;
use Limiting;
use Steward;

my $clients = 6;

# What a killed process has written to its files is there afterwards; fsync adds nothing. The clock stands still, lest a year ends.
my $node = new_node('main', 'fsync = off', 'restart_after_crash = on', "steward.now = '2030-06-15 12:00+00'", "steward.limit_wait = '20ms'",
  "deadlock_timeout = '20ms'", 'max_prepared_transactions = 5');
create_tenants($node);
is_exact($node, 'to begin with');

my $others = q{FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};

# After the first of them the cells are what they were; the others leave none.
my @blows = (
  [ 'termination of all sessions', sub { $node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) $others") } ],
  [ 'kill -9 of a backend', sub {
      my $pid = $node->safe_psql('postgres', "SELECT pid $others ORDER BY random() LIMIT 1");
      kill 'KILL', $pid or die "could not kill $pid" } ],
  [ 'kill -9 of the postmaster', sub { kill_and_start($node) } ],
  [ 'immediate stop', sub { $node->stop('immediate'); $node->start } ]);

sub stands {
  my ($name, $strike) = @_;
  squeeze($node);
  my $load = start_work($node, $clients);
  wait_for_grants($load, 70);
  $node->safe_psql('postgres', 'CALL steward.fold_limits(); CHECKPOINT');
  is($node->safe_psql('postgres', 'SELECT * FROM steward.verify_limits()'), '', "$name: rows and records agree under load");
  wait_for_grants($load, 150);
  $strike->();
  finish_clients($load);
  $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
  wait_until($node, 'all sessions have ended', "SELECT NOT EXISTS (SELECT $others)");

  is_exact($node, $name);
  my @told = acknowledged_grants($load);
  is($node->safe_psql('postgres', 'SELECT count(*) FROM unnest(ARRAY[' . join(',', @told) . ']) told WHERE told NOT IN (SELECT id FROM granted)'), '0',
    "$name: no acknowledged grant is lost");
  like(join('', map { slurp_file("$_->{out}.err") } @$load), qr/limit reached: \d+ of \d+/, "$name: limits were met");
  goes_to_the_limit($node, $_, $name) for 1, 2;
  is_exact($node, "$name, going on");
  $node->safe_psql('postgres', "SELECT steward.drop_override(2, m) FROM unnest('{calls,slots,documents}'::text[]) m");
  note sprintf '%s: %d acknowledged', $name, scalar @told;
}

for my $blow (@blows) {
  stands("$blow->[0], $_", $blow->[1]) for 'once', 'again';
}

# In cell mode row: the same; and modes that come and go meanwhile.
sub set_mode { $node->safe_psql('postgres', "SELECT steward.set_cell_mode('$_[0]')") }
set_mode('row');
stands("mode row, $_->[0]", $_->[1]) for @blows[1, 2];
stands('modes that change', sub { for (1 .. 5) { set_mode($_) for 'inplace', 'row' } $node->stop('fast'); $node->start });

# A prepared transaction has its accounts, and the mode, through a crash.
$node->safe_psql('postgres', "SELECT steward.override_limit(3, 'calls', 5 + (SELECT used FROM steward.usage(3) WHERE meter = 'calls'))");
my %prepared = (
  COMMIT => "SELECT steward.consume(3, 'calls', 4); INSERT INTO granted (tenant, meter, n) VALUES (3, 'calls', 4); INSERT INTO documents (tenant) VALUES (4)",
  ROLLBACK => "SELECT steward.consume(3, 'calls', 1); DELETE FROM documents WHERE tenant = 4");
for my $end (sort keys %prepared) {
  $node->safe_psql('postgres', "BEGIN; $prepared{$end}; PREPARE TRANSACTION 'kept'");
  kill_and_start($node);
  is(sqlstate_of($node, "SET lock_timeout = '50ms'; $_"), '55P03', "prepared: waits for it: $_")
    for "SELECT steward.try_consume(3, 'calls', 2);", 'INSERT INTO documents (tenant) VALUES (4);', "SELECT steward.set_cell_mode('inplace');";
  is(sqlstate_of($node, "SELECT steward.try_consume(5, 'calls');"), '', 'prepared: others go on');
  $node->safe_psql('postgres', "INSERT INTO granted (tenant, meter, n) VALUES (5, 'calls', 1); $end PREPARED 'kept'");
  is_exact($node, "prepared, $end");
  is($node->safe_psql('postgres', "SELECT steward.check_limit(3, 'calls'), steward.check_limit(3, 'calls', 2)"), 't|f', "prepared, $end: one is left");
}
set_mode('inplace');
is_exact($node, 'in place again');
is($node->safe_psql('postgres', "SELECT steward.check_limit(3, 'calls'), steward.check_limit(3, 'calls', 2)"), 't|f', 'in place again: one is left');
$node->safe_psql('postgres', "SELECT steward.drop_override(3, 'calls')");

is_sound($node, 'tables and indexes are sound');
$node->safe_psql('postgres', 'CALL steward.fold_limits(); CALL steward.fold_limits(); TRUNCATE steward._limit_cells');
is_exact($node, 'folded, and the cells emptied');
goes_to_the_limit($node, 3, 'then');

# Whatever else had gone wrong would have looked like a grant that was not made.
my $errors = slurp_file($node->logfile);
my $known = qr/limit reached|limit: \d+ requested|held by transactions in progress|current transaction is aborted|savepoint "a" does not exist|deadlock detected|lock timeout/;
is(join("\n", grep { !/$known/ } $errors =~ /(?:ERROR|PANIC): .*/g), '', 'statements failed for want of room alone');
$node->stop;
command_ok([ 'pg_checksums', '--check', '-D', $node->data_dir ], 'all checksums are right');

done_testing();

# A standby says how everybody stands, from the rows alone; promoted, it goes on to the limit and not beyond.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Limiting;
use Session;
use Steward;

# The clock stands still, lest a year ends.
my $primary = new_node('primary', 'fsync = off', 'max_wal_size = 2GB', 'wal_keep_size = 2GB', "wal_consistency_checking = 'all'",
  "steward.now = '2030-06-15 12:00+00'", "steward.limit_wait = '20ms'");
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
# What there is to replay begins with the extension itself.
create_tenants($primary);
$primary->safe_psql('postgres', q{SELECT steward.grant_extra(6, 'calls', 7)});

my $clients = q{FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};
# ---- while the primary works

squeeze($primary);
my $load = start_work($primary, 4);
for (1 .. 3) {
  wait_for_grants($load, 40 * $_);
  $primary->safe_psql('postgres', 'CALL steward.fold_limits(); CHECKPOINT; VACUUM steward._ledger, steward._usage, steward._limit_cells');
  is($standby->safe_psql('postgres', 'SELECT * FROM steward.verify_limits()'), '', 'on the standby rows and records agree at any moment');
}
$primary->safe_psql('postgres', "SELECT pg_terminate_backend(pid) $clients");
finish_clients($load);
wait_until($primary, 'all sessions have ended', "SELECT NOT EXISTS (SELECT $clients)");
$primary->safe_psql('postgres', 'CALL steward.fold_limits()');
goes_to_the_limit($primary, 3, 'the primary');
$primary->wait_for_catchup($standby);

# ---- what a standby says

is_exact($primary, 'the primary');
is_exact($standby, 'the standby');
sub is_same { my ($name, $sql) = @_; is_deeply([ split /\n/, $standby->safe_psql('postgres', $sql) ], [ split /\n/, $primary->safe_psql('postgres', $sql) ], "$name: as on the primary") }
is_same('usage()', 'SELECT t.id, u.* FROM tenants t, steward.usage(t.id) u ORDER BY t.id, u.meter');
is_same('usage_by_month', 'SELECT * FROM steward.usage_by_month ORDER BY rel, meter, subject, month');
is_same('what_if()', q{SELECT t.id, w.* FROM tenants t, steward.what_if(t.id, 'unlimited') w ORDER BY t.id, w.meter});
is_same('explain_limit()', q{SELECT steward.explain_limit(3, 'calls')});
is($standby->safe_psql('postgres', q{SELECT count(*) FROM steward.usage_by_month WHERE used > 0}) > 5 ? 'months' : 'none', 'months', 'there is something to see');

my $left = q{SELECT t.id, u.meter, u.remaining AS n FROM tenants t, steward.usage(t.id) u WHERE t.id IN (1, 2, 3, 6)};
is($standby->safe_psql('postgres', qq{SELECT bool_and(n = 0 OR steward.check_limit(id, meter, GREATEST(n, 1))), bool_or(steward.check_limit(id, meter, n + 1)) FROM ($left) l}), 't|f',
  'check_limit() knows to the unit what there is');
is($standby->safe_psql('postgres', q{SELECT steward.check_limit(12, 'calls', 1000000)}), 't', 'and what has no limit');
is(sqlstate_of($standby, q{SELECT steward.usage(99)}), 'QL007', 'nobody has no usage');

for my $call (q{SELECT steward.consume(2, 'calls')}, q{SELECT steward.try_consume(2, 'calls')}, q{SELECT steward.try_consume(2, 'calls', 1, 'a key')},
  q{SELECT steward.consume_all(2, '{calls,slots}', '{1,1}')}, q{SELECT steward.release(2, 'slots')}, q{SELECT steward.try_consume(1, 'calls', 1000000)},
  q{INSERT INTO documents (tenant) VALUES (2)}, q{DELETE FROM documents}, 'CALL steward.fold_limits()', 'SELECT steward.repair_limits()',
  q{SELECT steward.override_limit(2, 'calls', 5)}, q{SELECT steward.set_limit('large', 'calls', 5)}) {
  is(sqlstate_of($standby, $call), '25006', "a standby refuses $call");
}
# Denials are counted where a standby cannot look, in cells that are not logged; those that were folded it shows.
is_same('limit_denials of what was folded', 'SELECT meter, subject, denied, last_denied FROM steward._denials ORDER BY meter, subject');
is($standby->safe_psql('postgres', 'SELECT sum(denied) > 0, sum(denied) = (SELECT sum(denied) FROM steward._denials) FROM steward.limit_denials'), 't|t',
  'limit_denials shows what was folded');

# What changes on the primary is seen by a session that has read before; what is only held is not.
my $reader = Session->new($standby);
my $calls = q{SELECT used, held, max FROM steward.usage(4) WHERE meter = 'calls'};
my ($used) = $reader->ask($calls) =~ /^(\d+)\|0\|100000$/;
ok(defined $used, 'a session of the standby reads a limit');
my $holder = Session->new($primary);
$holder->ask(q{BEGIN; SELECT steward.consume(4, 'calls', 5); INSERT INTO granted (tenant, meter, n) VALUES (4, 'calls', 5)});
$primary->safe_psql('postgres', q{SELECT steward.set_limit('large', 'calls', 90000)});
$primary->wait_for_catchup($standby);
is($reader->ask($calls), "$used|0|90000", 'the limit has changed there too; what is held is not known');
is($holder->ask('COMMIT'), '', 'it is committed');
$primary->safe_psql('postgres', q{SELECT steward.override_limit(4, 'calls', 80000)});
$primary->wait_for_catchup($standby);
is($reader->ask($calls), $used + 5 . '|0|80000', 'and now it is used; an override is seen too');

# ---- promoted

# Acknowledged by a synchronous standby, gone with the primary, there after the promotion. One holds, one gives back, and both go.
$primary->append_conf('postgresql.conf', "synchronous_standby_names = '*'");
$primary->reload;
wait_until($primary, 'a synchronous standby', q{SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'});
squeeze($primary);
$holder->ask(q{BEGIN; SELECT steward.consume(5, 'calls', 50), steward.release(5, 'slots', 50)});
$load = start_work($primary, 4);
wait_for_grants($load, 60);
$primary->stop('immediate');
finish_clients($load);
$standby->promote;

is_exact($standby, 'promoted');
my @told = acknowledged_grants($load);
is($standby->safe_psql('postgres', 'SELECT count(*) FROM unnest(ARRAY[' . join(',', @told) . ']) told WHERE told NOT IN (SELECT id FROM granted)'), '0',
  'no grant of which primary and standby have told is lost');
goes_to_the_limit($standby, $_, 'promoted') for 1, 2, 5, 12;
is_exact($standby, 'promoted, going on');
is($reader->ask(q{WITH c AS MATERIALIZED (SELECT steward.consume(4, 'calls') AS rest) INSERT INTO granted (tenant, meter, n) SELECT 4, 'calls', 1 FROM c WHERE rest IS NOT NULL RETURNING n}), '1',
  'a session from before the promotion consumes');
is($standby->safe_psql('postgres', q{SELECT count(*) FROM steward.limit_denials WHERE subject = '2'}), '3', 'limit_denials is there again');
$load = start_work($standby, 4);
wait_for_grants($load, 60);
$reader->quit;
$holder->quit;
$standby->safe_psql('postgres', "CALL steward.fold_limits(); SELECT pg_terminate_backend(pid) $clients");
finish_clients($load);
wait_until($standby, 'all sessions have ended', "SELECT NOT EXISTS (SELECT $clients)");
is_exact($standby, 'promoted, under load');
is_sound($standby, 'its tables and indexes are sound');
unlike(slurp_file($standby->logfile), qr/inconsistent page|PANIC/, 'each page that was replayed is as the primary\'s');

done_testing();

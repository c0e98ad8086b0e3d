# A standby tells what was, from the log alone, while the primary goes on; it records nothing. Promoted, it does, from where the primary was.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Auditing;
use Steward;

my $rows = 20;
my $primary = new_node('primary', 'fsync = off', 'max_wal_size = 2GB', 'wal_keep_size = 2GB', "wal_consistency_checking = 'all'");
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->append_conf('postgresql.conf', 'max_standby_streaming_delay = -1');
$standby->start;
create_modelled($primary, $rows);
$primary->safe_psql('postgres', q{CREATE ROLE reader LOGIN; SELECT steward.grant_access('reader', 'auditor')});

# ---- while the primary works

my $load = start_clients($primary, 4, sub { some_changes($rows) }, first => '\set ON_ERROR_STOP 0');
my $count = 'SELECT count(*) FROM model';
for (1 .. 3) {
  my $before = $primary->safe_psql('postgres', $count);
  wait_until($primary, 'changes', "SELECT ($count) >= $before + 300");
  is($standby->safe_psql('postgres', q{BEGIN ISOLATION LEVEL REPEATABLE READ;
    SELECT count(*) FROM things r WHERE steward.row_as_of('things', r.id, clock_timestamp()) IS DISTINCT FROM to_jsonb(r);
    SELECT count(*) FROM (SELECT * FROM things EXCEPT SELECT * FROM steward.table_as_of(NULL::things, clock_timestamp())) t; COMMIT}),
    "0\n0", 'on the standby the log has what the tables have, at any moment');
}
my $clients = q{FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};
$primary->safe_psql('postgres', "SELECT pg_terminate_backend(pid) $clients");
finish_clients($load);
wait_until($primary, 'all sessions have ended', "SELECT NOT EXISTS (SELECT $clients)");
$primary->safe_psql('postgres', q{BEGIN; SELECT steward.set_actor('ada'); UPDATE things SET t = 'the last' WHERE id = (SELECT min(id) FROM things WHERE id > 0); COMMIT});
$primary->wait_for_catchup($standby);

# ---- what a standby says

sub is_same { my ($name, $sql) = @_; is_deeply([ split /\n/, $standby->safe_psql('postgres', $sql) ], [ split /\n/, $primary->safe_psql('postgres', $sql) ], "$name: as on the primary") }
is_same('history()', q{SELECT h.* FROM generate_series(1, 5) i, steward.history('things', i) h ORDER BY h.id, i});
is_same('blame()', q{SELECT i, b.* FROM generate_series(1, 5) i, steward.blame('spread', json_build_array(i::text, '0')::text) b ORDER BY 1, 2})
  if $primary->safe_psql('postgres', 'SELECT count(*) FROM spread WHERE part = 0 AND id BETWEEN 1 AND 5') == 5;
my $since = $primary->safe_psql('postgres', 'SELECT at FROM steward.audit_records ORDER BY id OFFSET 200 LIMIT 1');
is_same('table_as_of()', qq{SELECT * FROM steward.table_as_of(NULL::things, '$since') ORDER BY id});
is_same('the log', 'SELECT count(*), max(id), max(tx) FROM steward.audit_log');
is($standby->safe_psql('postgres', q{SET ROLE reader; SELECT actor FROM steward.audit_log ORDER BY id DESC LIMIT 1}), 'ada', 'auditors read it there');
is(sqlstate_of($standby, q{BEGIN; SELECT steward.set_actor('eve'); SELECT steward.clear_actor(); COMMIT}), '', 'an application says who acts wherever it is');
is(sqlstate_of($standby, $_), '25006', "a standby does not write: $_") for q{SELECT steward.record_event('read', 'report', '1')}, q{SELECT steward.audit_table('model')},
  q{SELECT steward.audit_table('things', full_rows => true)}, q{SELECT steward.unaudit_table('things')}, q{UPDATE things SET n = 0};

# ---- promoted

$primary->stop('immediate');
$standby->promote;
is($standby->safe_psql('postgres', q{UPDATE things SET t = 'after' WHERE t = 'the last'; SELECT count(*), bool_and(r.id > l.last) FROM steward.audit_records r,
  (SELECT id AS last FROM steward.audit_log WHERE actor = 'ada') l WHERE r.id > l.last}), '1|t', 'what is changed is recorded, behind all that was');
is($standby->safe_psql('postgres', q{SELECT action, new_values, old_values FROM steward.audit_log ORDER BY id DESC LIMIT 1}), 'update|{"t": "after"}|{"t": "the last"}', 'as ever');
is_model($standby, 'promoted');
replays($standby, 'promoted');
is_sound($standby, 'tables and indexes are sound');
done_testing();

# The lock budget, seen from outside: while somebody reads a set for long, maintenance never waits longer for one lock than it may, everybody
# else gets through, and what it could not do is said, and done once the reader has gone.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Session;
use Steward;

my $node = new_node('main', 'fsync = off', 'autovacuum = off', "timezone = 'UTC'");
my $budget = 50;
# A busy machine wakes up whom it likes when it likes.
my $tolerance = 450;

# Of one set a partition is missing, of the other one is too old.
$node->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  CREATE TABLE sampled (backend int, waited float, started timestamptz, lock text);
  SET steward.now = '2026-03-08 12:00+00';
  CREATE TABLE fresh (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
  CREATE TABLE old (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
  SELECT steward.manage_partitions('fresh', '1 month', premake => 1), steward.manage_partitions('old', '1 month', premake => 4, since => '2026-01-01');
  SELECT steward.manage_partitions('old', premake => 1, retention => '2 months')});
my @work = ("INSERT INTO old VALUES (1, '2026-04-02');", "INSERT INTO fresh VALUES (1, '2026-04-02');",
  "SELECT count(*) FROM old WHERE at = '2026-04-03';", "SELECT count(*) FROM fresh WHERE at = '2026-04-03';");
my $script = PostgreSQL::Test::Utils::tempdir() . '/work.sql';
append_to_file($script, join "\n", @work, '');

# Runs maintenance beside writers, with a sampler that looks at the locks that are waited for every few milliseconds.
sub maintain_beside_others {
  my ($now) = @_;
  $node->safe_psql('postgres', 'TRUNCATE sampled');
  my ($log, $out) = (PostgreSQL::Test::Utils::tempdir() . '/log', '');
  my $pgbench = IPC::Run::start([ 'pgbench', '-n', '-c', '2', '-T', '60', '-l', '--log-prefix', $log, '-f', $script, $node->connstr('postgres') . ' application_name=writer' ],
    '<', '/dev/null', '>', \$out, '2>', \$out, IPC::Run::timeout(120));
  my ($maintainer, $sampler) = map { Session->new($node) } 1 .. 2;
  wait_until($node, 'writers', "SELECT count(*) = 2 FROM pg_stat_activity WHERE application_name = 'writer'");
  my $pid = $maintainer->pid;
  $sampler->tell(qq{
    DO \$\$ BEGIN
      WHILE EXISTS (SELECT FROM pg_stat_activity WHERE pid = $pid AND application_name <> 'done') LOOP
        INSERT INTO sampled SELECT pid, 1000 * extract(epoch FROM clock_timestamp() - waitstart), waitstart, relation::regclass || ' ' || mode
          FROM pg_locks WHERE NOT granted AND waitstart IS NOT NULL;
        PERFORM pg_sleep(0.002), pg_stat_clear_snapshot();
      END LOOP;
    END \$\$});
  my $said = $maintainer->ask("SET steward.now = '$now';\nCALL steward.maintain_partitions();\nSET application_name = 'done'");
  my $failed = $sampler->answer;
  sleep 1;  # for those who have waited behind it to come to an end, and into the log
  $pgbench->signal('INT');
  eval { $pgbench->finish };
  $_->quit for $maintainer, $sampler;
  my @latencies = sort { $a <=> $b } map { (split)[2] / 1000 } map { split /\n/, slurp_file($_) } glob("$log.*");
  die "the writers wrote nothing: $out" unless @latencies;
  my ($longest, $waits) = split /\|/, $node->safe_psql('postgres',
    "SELECT COALESCE(max(waited), 0), count(DISTINCT started) FROM sampled WHERE backend = $pid");
  note sprintf '%d transactions of writers, longest %.0f ms; %d waits of maintenance, longest %.0f ms', scalar @latencies, $latencies[-1], $waits, $longest;
  return { said => $said, sampler => $failed, longest => $longest, waits => $waits, transactions => scalar @latencies, slowest => $latencies[-1] };
}

my $runs = 'SELECT rel, last_run, sqlstate, failures, next_retry FROM steward._partition_runs ORDER BY rel::text';
my $kept = q{SELECT string_agg(c.relname, ' ' ORDER BY c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('fresh'::regclass, 'old'::regclass)};
my $locks = q{SELECT relation::regclass, mode FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE l.relation IN (SELECT 'fresh'::regclass UNION SELECT 'old' UNION SELECT inhrelid FROM pg_inherits) AND mode <> 'AccessShareLock'};

my $reader = Session->new($node);
$reader->ask('BEGIN; SELECT count(*) FROM fresh; SELECT count(*) FROM old');
my $before = $node->safe_psql('postgres', $kept);
my $seen = maintain_beside_others('2026-04-05 12:00+00');
is($seen->{sampler}, '', 'the sampler went on to the end');
cmp_ok($seen->{waits}, '>=', 2, 'each set is waited for');
cmp_ok($seen->{waits}, '<=', 4, 'once, after tries that wait for nothing');
cmp_ok($seen->{longest}, '<', $budget + $tolerance, 'no lock is waited for longer than the budget');
cmp_ok($seen->{slowest}, '<', $budget + $tolerance, 'nobody else waited longer than that');
cmp_ok($seen->{transactions}, '>', 20, 'others got through');
is($seen->{said}, "WARNING:  01000\nWARNING:  01000", 'each set is reported');
is($node->safe_psql('postgres', $locks), '', 'nothing stays locked');
is($node->safe_psql('postgres', $kept), $before, 'nothing has happened');
is($node->safe_psql('postgres', $runs), join("\n", map { "$_|2026-04-05 12:00:00+00|QP003|1|2026-04-05 12:01:00+00" } 'fresh', 'old'),
  'the budget is used up, and there is a time for the next try');

# What the sampler would have seen without a budget: it is able to see it.
$node->safe_psql('postgres', q{UPDATE steward.partition_sets SET lock_budget = '1500 ms'; UPDATE steward.partition_sets SET lock_budget = '1 ms' WHERE rel = 'fresh'::regclass});
my $control = maintain_beside_others('2026-04-05 12:02+00');
cmp_ok($control->{longest}, '>', 1000, 'a longer budget is seen');
cmp_ok($control->{slowest}, '>', 1000, 'others feel it');
$node->safe_psql('postgres', q{UPDATE steward.partition_sets SET lock_budget = '50 ms'});

# Without the reader, before its time and then.
$reader->ask('COMMIT');
$node->safe_psql('postgres', "SET steward.now = '2026-04-05 12:03+00'; CALL steward.maintain_partitions()");
is($node->safe_psql('postgres', $kept), $before, 'it is not tried before its time');
$node->safe_psql('postgres', "SET steward.now = '2026-04-05 12:05+00'; CALL steward.maintain_partitions()");
is($node->safe_psql('postgres', $kept),
  'fresh_default fresh_y2026m03 fresh_y2026m04 fresh_y2026m05 '
    . 'old_default old_y2026m02 old_y2026m03 old_y2026m04 old_y2026m05 old_y2026m06 old_y2026m07', 'the next run does it');
is($node->safe_psql('postgres', $runs), join("\n", map { "$_|2026-04-05 12:05:00+00||0|" } 'fresh', 'old'), 'and says so');
$reader->quit;
$node->stop;
done_testing();

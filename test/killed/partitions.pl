# Maintenance of partitions that dies, at every place of the source that has a wait point: what is there afterwards is whole, and one more
# run comes to what a run would have come to that nothing had happened to.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Session;
use Steward;

my $node = new_node('main', 'fsync = off', 'restart_after_crash = on', "steward.now = '2026-04-05 12:00+00'", "timezone = 'UTC'");

# A partition is missing, one is too old, two have been long enough in the bin, and one that was in the bin longer is held.
$node->safe_psql('postgres', 'CREATE DATABASE model');
$node->safe_psql('model', q{
  CREATE EXTENSION steward;
  CREATE TABLE rooms (id int PRIMARY KEY);
  INSERT INTO rooms VALUES (1), (2);
  SELECT steward.bind_subjects('rooms'), steward.define_meter('readings', 'rooms', 'standing'), steward.define_tier('default', 0),
    steward.set_limit('default', 'readings', NULL);
  CREATE TABLE readings (id bigint, room int REFERENCES rooms ON DELETE CASCADE, at timestamptz NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE INDEX ON readings (at);
  GRANT SELECT ON readings TO pg_monitor;
  SET steward.now = '2026-03-08 12:00+00';
  SELECT steward.manage_partitions('readings', '1 month', premake => 1, since => '2025-08-01', time_zone => 'UTC', lock_budget => '10 s');
  SELECT steward.limit_rows('readings', 'room', 'readings');
  INSERT INTO readings SELECT i, 1 + i % 2, '2025-08-01 08:00+00'::timestamptz + i * interval '1 day' FROM generate_series(0, 200) i;
  CREATE TABLE remarks (id bigint, at timestamptz, CONSTRAINT to_one FOREIGN KEY (id, at) REFERENCES readings_y2025m11);
  SELECT steward.manage_partitions('readings', retention => '4 months')});
$node->safe_psql('model', $_) for "SET steward.now = '2026-03-08 12:00+00'; SELECT steward.hold_partition('readings_y2025m08')",
  'ALTER DATABASE model SET steward.now = \'2026-03-08 12:00+00\'', 'CALL steward.maintain_partitions()', 'ALTER DATABASE model RESET steward.now',
  # Rows that come before their partition.
  q{INSERT INTO readings SELECT 1000 + i, 1, '2026-06-02'::timestamptz + i * interval '1 minute' FROM generate_series(1, 6000) i};

my $tables = q{SELECT c.oid, c.relname, c.relkind, c.relispartition, c.relpartbound, c.relacl FROM pg_class c
  WHERE c.relnamespace = 'public'::regnamespace};
# All that there is, as text.
my $everything = qq{
  SELECT relname, relkind, relispartition, pg_get_expr(relpartbound, oid), relacl FROM ($tables) t ORDER BY relname;
  SELECT conrelid::regclass, conname, pg_get_constraintdef(oid), convalidated, conparentid <> 0 FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY conrelid::regclass::text, conname, 3;
  SELECT indexrelid::regclass FROM pg_index WHERE NOT (indisvalid AND indisready);
  SELECT tableoid::regclass, count(*), sum(id) FROM readings GROUP BY 1 ORDER BY tableoid::regclass::text;
  SELECT part, rel, lower_bound, upper_bound, detached_at, drop_after, foreign_keys, referenced_by FROM steward.recycled_partitions ORDER BY part::text;
  SELECT part, reason FROM steward.held_partitions ORDER BY part::text;
  SELECT rel, last_run, last_error, sqlstate, failures, next_retry FROM steward._partition_runs;
  SELECT * FROM steward.verify_limits();
  SELECT subject, used FROM generate_series(1, 2) subject, steward.usage(subject, 'rooms')};

# What belongs to nothing: tables that are neither in the set nor in the bin, rows of the bin without a table, locks.
my $loose = qq{
  SELECT 'table', relname FROM ($tables) t WHERE relkind = 'r' AND relname NOT IN ('rooms', 'remarks') AND NOT relispartition
    AND oid NOT IN (SELECT part FROM steward.recycled_partitions)
  UNION ALL SELECT 'bin', part::text FROM steward.recycled_partitions WHERE part NOT IN (SELECT oid FROM ($tables) t WHERE NOT relispartition)
  UNION ALL SELECT 'run', last_error FROM steward._partition_runs WHERE last_error IS NOT NULL
  UNION ALL SELECT 'limit', v::text FROM steward.verify_limits() v
  UNION ALL SELECT 'lock', l::text FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND pid <> pg_backend_pid()};

my %statements = (maintain => 'CALL steward.maintain_partitions()', restore => q{SELECT steward.restore_partition('readings_y2025m10')});

sub fresh_database {
  my ($name) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE model");
  return $name;
}

# What comes of them when nothing happens.
my %expected;
for my $work (sort keys %statements) {
  my $database = fresh_database("undisturbed_$work");
  $node->safe_psql($database, $statements{$work});
  $expected{$work} = $node->safe_psql($database, $everything);
}
my $before = $node->safe_psql('model', $everything);
like($before, qr/^readings_y2025m09\|readings/m, 'the bin is not empty to begin with');
unlike($expected{maintain}, qr/readings_y2025m09\b|readings_y2025m10\b/, 'maintenance drops');
like($expected{maintain}, qr/^readings_y2025m11\|readings\|/m, 'and detaches');
like($expected{maintain}, qr/^readings_y2026m05\|r\|t\|/m, 'and creates');
like($expected{maintain}, qr/^readings_y2026m06\|6000\|/m, 'and moves');

my %blows = (
  'cancel' => sub { $node->safe_psql('postgres', "SELECT pg_cancel_backend($_[0])") },
  'kill -9' => sub { kill 'KILL', $_[0] or die "could not kill $_[0]" },
  'immediate stop' => sub { $node->stop('immediate'); $node->start });

my $cases = 0;
sub survives {
  my ($point, $blow) = @_;
  my $work = $point =~ /^restore:/ ? 'restore' : 'maintain';
  my $name = "$blow at \"$point\"";
  my $database = fresh_database('case_' . ++$cases);
  my $session = Session->new($node, $database);
  my $pid = $session->pid;
  $session->tell("SET steward.wait_point = '$point';\n$statements{$work}");
  my $reached = eval { wait_until($node, $point, "SELECT wait_event = 'Extension' FROM pg_stat_activity WHERE pid = $pid"); 1 };
  ok($reached, "$name: is reached") or return $session->quit;
  $blows{$blow}->($pid);
  # Its session is still there then, and has nothing left.
  if ($blow eq 'cancel') {
    $session->answer;
    is($node->safe_psql($database, $loose), '', "$name: nothing is loose in the session");
  }
  $session->quit;
  $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
  wait_until($node, 'the session has ended', "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE datname = '$database')");
  is($node->safe_psql($database, $loose), '', "$name: nothing is loose");
  # A restoration that has not been committed has not been.
  is($node->safe_psql($database, $everything), $before, "$name: nothing has happened") if $work eq 'restore';
  $node->safe_psql($database, $statements{$work});
  is($node->safe_psql($database, $everything), $expected{$work}, "$name: the next run comes to what it should");
  is($node->safe_psql($database, $loose), '', "$name: nothing is loose then");
}

my %seen;
my @points = grep { !$seen{$_}++ } map { /wait_point\([^;"]*"([^"]+)"(?: : "([^"]+)")?/ ? grep { defined } $1, $2 : () }
  map { split /\n/, slurp_file($_) } sort glob("$ENV{STEWARD_TREE}/src/partitions/*.cpp");
cmp_ok(scalar @points, '>=', 15, 'wait points are found in the source');
for my $point (@points) {
  survives($point, $_) for 'cancel', 'kill -9';
}
survives($_, 'immediate stop') for 'retire: listed', 'drop: dropped';

$node->stop;
command_ok([ 'pg_checksums', '--check', '-D', $node->data_dir ], 'all checksums are right');
done_testing();

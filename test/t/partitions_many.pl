# A thousand sets of which ten are broken, each in a way of its own: the others are maintained, the ten are told, and tried again in time.
use strict;
use warnings;
use Test::More;
use Session;
use Steward;

my $sets = 1_000;
my $node = new_node('main', 'fsync = off', 'autovacuum = off', "timezone = 'UTC'", 'max_locks_per_transaction = 256');
sub sql { return $node->safe_psql('postgres', $_[0]) }

# For each way: how a set is broken, what it fails with, and how it is mended. $_[0] is the set.
my $lock;
my @ways = (
  [ 'owner may not create', '42501',
    sub { "ALTER TABLE $_[0] OWNER TO clerk; GRANT USAGE, CREATE ON SCHEMA rented TO clerk; ALTER TABLE $_[0] SET SCHEMA rented; REVOKE CREATE ON SCHEMA rented FROM clerk" },
    sub { 'GRANT CREATE ON SCHEMA rented TO clerk' } ],
  [ 'owner may not use a type', '42501',
    sub { "CREATE DOMAIN secret AS text; ALTER TABLE $_[0] ADD note secret; ALTER TABLE $_[0] OWNER TO clerk; GRANT CREATE ON SCHEMA public TO clerk; REVOKE USAGE ON DOMAIN secret FROM PUBLIC" },
    sub { 'GRANT USAGE ON DOMAIN secret TO PUBLIC' } ],
  [ 'archive is gone', '3F000', sub { "SELECT steward.manage_partitions('$_[0]', retention => '1 month', retention_action => 'detach', archive_schema => 'attic'); DROP SCHEMA attic" },
    sub { 'CREATE SCHEMA attic' } ],
  [ 'somebody has it locked', 'QP003', sub { $lock->ask("BEGIN; LOCK $_[0]"); '' }, sub { $lock->quit; '' } ],
  [ 'old rows are referred to', '23503',
    sub { "SELECT steward.manage_partitions('$_[0]', retention => '1 month'); ALTER TABLE $_[0] ADD PRIMARY KEY (id, at); INSERT INTO $_[0] VALUES (1, '2026-02-10');
           CREATE TABLE remarks (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES $_[0]); INSERT INTO remarks VALUES (1, '2026-02-10')" },
    sub { 'TRUNCATE remarks' } ],
  [ 'an event trigger refuses', 'P0001',
    sub { "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS \$\$ BEGIN
             IF EXISTS (SELECT FROM pg_event_trigger_ddl_commands() WHERE object_identity LIKE 'public.$_[0]%') THEN RAISE 'not here'; END IF; END \$\$;
           CREATE EVENT TRIGGER refuse ON ddl_command_end EXECUTE FUNCTION refuse()" },
    sub { 'DROP EVENT TRIGGER refuse' } ],
  [ 'a view shows what is in the bin', '2BP01',
    sub { "SELECT steward.manage_partitions('$_[0]', retention => '3 weeks'); SET steward.now = '2026-03-25 12:00+00'; CALL steward.maintain_partitions('$_[0]');
           CREATE VIEW february AS SELECT * FROM $_[0]_y2026m02" },
    sub { 'DROP VIEW february' } ],
  [ 'no such time zone', '22023', sub { "UPDATE steward.partition_sets SET time_zone = 'Mars/Phobos' WHERE rel = '$_[0]'::regclass" },
    sub { "UPDATE steward.partition_sets SET time_zone = 'UTC' WHERE rel = '$_[0]'::regclass" } ],
  [ 'too many are asked for', '54000', sub { "UPDATE steward.partition_sets SET every = '1 hour', since = '1970-01-01' WHERE rel = '$_[0]'::regclass" },
    sub { "UPDATE steward.partition_sets SET every = '1 month', since = '2026-02-01' WHERE rel = '$_[0]'::regclass" } ],
  [ 'the clock was wrong', 'QP002',
    sub { "SELECT steward.manage_partitions('$_[0]', retention => '1 month'); INSERT INTO steward._partition_runs (rel, last_run) VALUES ('$_[0]', '2025-01-01')" },
    sub { '' } ]);

sql(qq{
  CREATE EXTENSION steward;
  CREATE ROLE clerk;
  CREATE SCHEMA rented;
  CREATE SCHEMA attic;
  SET steward.now = '2026-03-08 12:00+00';
  DO \$\$ BEGIN
    FOR i IN 1 .. $sets + 1 LOOP
      EXECUTE format('CREATE TABLE t%s (id int, at timestamptz NOT NULL) PARTITION BY RANGE (at)', i);
      PERFORM steward.manage_partitions(format('t%s', i)::regclass, '1 month', premake => 0, default_partition => false,
        since => CASE WHEN i % 100 = 0 THEN '2026-02-01' ELSE '2026-03-01' END::timestamptz, time_zone => 'UTC');
      COMMIT;
    END LOOP;
  END \$\$;
  DROP TABLE t@{[ $sets + 1 ]}});
$lock = Session->new($node);
my @broken = map { 't' . $_ * $sets / @ways } 1 .. @ways;
for my $i (0 .. $#ways) {
  sql("SET steward.now = '2026-03-08 12:00+00'; " . $ways[$i][2]->($broken[$i]));
}

# How a run went: seconds, and what was said.
sub maintain {
  my ($now) = @_;
  my ($began, $stderr) = (time, '');
  is($node->psql('postgres', "SET steward.now = '$now'; CALL steward.maintain_partitions()", stderr => \$stderr), 0, "a run at $now ends well");
  note sprintf '%d s', time - $began;
  return scalar(() = $stderr =~ /WARNING:/g);
}
my $maintained = q{SELECT count(*) FROM pg_class WHERE relname LIKE '%\_y2026m04'};
my $failed = q{SELECT regexp_replace(rel::text, '^.*t', ''), sqlstate, failures, next_retry FROM steward._partition_runs WHERE sqlstate IS NOT NULL ORDER BY rel};
sub told { my ($failures, $next) = @_; return join "\n", map { join '|', substr($broken[$_], 1), $ways[$_][1], $failures, $next } 0 .. $#ways }
my $locks = q{SELECT relation::regclass, mode FROM pg_locks WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND pid <> pg_backend_pid() AND pid NOT IN (SELECT pid FROM pg_locks WHERE relation = 't400'::regclass AND mode = 'AccessExclusiveLock' AND granted)};

is(maintain('2026-04-05 12:00+00'), scalar @ways, 'each broken one is warned of');
is(sql($failed), told(1, '2026-04-05 12:01:00+00'), 'the broken ones are listed, with the time of the next try');
is(sql(q{SELECT count(*) FROM steward._partition_runs WHERE sqlstate IS NULL AND failures = 0 AND last_run = '2026-04-05 12:00+00'}), $sets - @ways, 'the others have been run');
# A set that fails at its old partitions has got its new one.
cmp_ok(sql($maintained), '>=', $sets - @ways, 'and maintained');
is(sql('SELECT count(*) FROM steward.partition_sets'), $sets, 'the table that is gone is forgotten');
is(sql($locks), '', 'nothing stays locked');

is(maintain('2026-04-05 12:00:30+00'), 0, 'a run before their time leaves them alone');
is(sql($failed), told(1, '2026-04-05 12:01:00+00'), 'nothing has changed for them');
is(sql(q{SELECT count(*) FROM steward._partition_runs WHERE last_run = '2026-04-05 12:00:30+00'}), $sets - @ways, 'the others have been looked at');

# The clock has been right since.
pop @$_ for \(@ways, @broken);
is(maintain('2026-04-05 12:01+00'), scalar @ways, 'the next one tries them');
is(sql($failed), told(2, '2026-04-05 12:03:00+00'), 'and waits longer then');

sql($ways[$_][3]->($broken[$_])) for 0 .. $#ways;
is(maintain('2026-04-05 12:03+00'), 0, 'what has been mended');
is(sql($failed), '', 'is no longer listed');
is(sql($maintained), $sets, 'and all are maintained');
is(sql(q{SET steward.now = '2026-04-05 12:03+00'; SELECT count(*) FROM steward.plan_partitions()}), '0', 'nothing is left to do');
is(sql($locks), '', 'nothing is locked');
$node->stop;
done_testing();

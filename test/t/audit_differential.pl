# Tables of all common types, changed at random in every way, by sessions that write values in other ways than the readers do: at every time since,
# the log tells the rows that were there. Each run is the same but for its times; DIFFERENTIAL_SEED tries another, DIFFERENTIAL_STEPS makes it longer.
use strict;
use warnings;
use List::Util qw(shuffle);
use PostgreSQL::Test::Utils;
use Test::More;
use Changing;
use Session;
use Shadow;
use Steward;

my $seed = $ENV{DIFFERENTIAL_SEED} // 802676570;
my $steps = $ENV{DIFFERENTIAL_STEPS} // 90;
my $old = 18;
srand $seed;
note "DIFFERENTIAL_SEED=$seed";
my $node = new_node('main', 'fsync = off', "statement_timeout = '60s'", 'max_prepared_transactions = 10', "deadlock_timeout = '20ms'", 'client_min_messages = warning', "timezone = 'UTC'");
$node->safe_psql('postgres', 'CREATE EXTENSION steward');
create_shadow($node, $old);
my $changing = create_changing($node, $old);
$node->safe_psql('postgres', q{
  SELECT steward.audit_table('things', ignore_cols => '{touched,skipped}', redact_cols => '{secret}', redact_as => 'mask', tenant_col => 'org'),
    steward.audit_table('notes', full_rows => true), steward.audit_table('spread', ignore_cols => '{touched,skipped}', redact_cols => '{secret}', redact_as => 'mask', tenant_col => 'org')});

# What a session can say of how values look; of languages only those that the server has.
my @settings = (
  [ [ 'TimeZone', 'UTC' ], [ 'DateStyle', 'ISO, MDY' ], [ 'IntervalStyle', 'postgres' ], [ 'bytea_output', 'hex' ], [ 'extra_float_digits', 1 ], [ 'lc_monetary', 'C' ] ],
  [ [ 'TimeZone', 'America/St_Johns' ], [ 'DateStyle', 'German, DMY' ], [ 'IntervalStyle', 'iso_8601' ], [ 'bytea_output', 'escape' ], [ 'extra_float_digits', 0 ], [ 'lc_monetary', 'de_DE.UTF-8' ] ],
  [ [ 'TimeZone', 'Asia/Kathmandu' ], [ 'DateStyle', 'SQL, DMY' ], [ 'IntervalStyle', 'sql_standard' ], [ 'bytea_output', 'escape' ], [ 'extra_float_digits', -15 ], [ 'lc_monetary', 'C.UTF-8' ] ],
  [ [ 'TimeZone', '<-05>5' ], [ 'DateStyle', 'Postgres, YMD' ], [ 'IntervalStyle', 'postgres_verbose' ], [ 'bytea_output', 'hex' ], [ 'extra_float_digits', 3 ], [ 'lc_monetary', 'en_US.UTF-8' ] ]);
my @sessions = map { session_with(@$_) } @settings;
my $keeper = Session->new($node);

sub session_with {
  my $session = Session->new($node);
  $session->ask("SET $_->[0] = '$_->[1]'") for @_;
  # For the choice of what is looked at.
  $session->ask("SELECT setseed(" . rand() . ')');
  return $session;
}

my (%found, %errors, @done);

# The first findings of each kind, and what was done in the step before.
sub find {
  my ($what, $step, $answer) = @_;
  diag "$what after step $step: ", $answer =~ s/[0-9a-f]{60,}/.../gr if 3 >= ++$found{$what};
  diag 'done in it: ', $done[-1] =~ s/[0-9a-f]{60,}/.../gr if @done && $found{$what} == 1;
}

# Nothing comes from a check that finds nothing.
sub look {
  my ($what, $step, $session, $sql) = @_;
  my $answer = $session->ask($sql);
  find($what, $step, $answer) if $answer ne '';
}

sub do_step {
  my ($step, $sql) = @_;
  my $writer = $sessions[ $step % 4 ];
  my $reader = $sessions[ ($step + 1 + int rand 3) % 4 ];
  push @done, $sql;
  my $answer = $writer->ask("SELECT steward.set_actor('step $step', local => false);\n$sql");
  $errors{$1}++ while $answer =~ /^ERROR:  (\w{5})$/mg;
  my @odd = grep { $_ ne '' && !/^ERROR:  \w{5}$/ } split /\n/, $answer;
  find('transactions', $step, "@odd") if @odd;
  $writer->ask('ROLLBACK') if $answer =~ /ERROR/ && $writer->ask('SELECT 1') ne '1';
  look('shadow', $step, $keeper, "CALL take_shadow($step)");
  look('records', $step, $reader, "SELECT * FROM record_differences($step)");
  look('row_as_of', $step, $reader, "SELECT * FROM row_differences($step, $step, 0.5)");
  look('row_as_of of earlier times', $step, $reader, "SELECT * FROM row_differences(0, $step - 1, 30.0 / (1 + $step * (SELECT count(*) FROM keys)))");
  look('table_as_of', $step, $reader, 'SELECT * FROM table_differences(' . int(rand 3) . ', ' . int(rand($step + 1)) . ')') if $step % 4 == 0;
  look('blame', $step, $reader, 'SELECT * FROM blame_differences()') if $step % 20 == 0;
}

look('shadow', 0, $keeper, 'CALL take_shadow(0)');
my @ways = shuffle(Changing::ways());
do_step($_, $changing->step(shift @ways)) for 1 .. $steps;

is(join(', ', sort keys %found), '', "the log tells what was there at all times (DIFFERENTIAL_SEED=$seed)");
is($node->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_records WHERE old_values ->> 'secret' <> '***' OR new_values ->> 'secret' <> '***'}), '0', 'hidden values are hidden');
# Keys that are taken, transactions that have failed, ALTER TABLE before deferred triggers, rows that MERGE and ON CONFLICT would change twice.
is(join(', ', grep { !/^(0A000|21000|23\d\d\d|25P02|3B001|42704|42P05|55006)$/ } sort keys %errors), '', 'statements fail as they would without a log');
note 'errors: ', join ', ', map { "$_ $errors{$_}" } sort keys %errors;

# Then eight sessions at once, whose transactions change the same rows while the others wait for them, give up, or roll back. Each change of a row adds one
# to its v; and who holds the row's lock notes what v is at the time, or that there is no row.
$node->safe_psql('postgres', q{
  CREATE TABLE race (id int PRIMARY KEY, v bigint NOT NULL DEFAULT 0, t text);
  CREATE TABLE race_parts (id int, part int, v bigint NOT NULL DEFAULT 0, t text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
  CREATE TABLE race_parts_0 PARTITION OF race_parts FOR VALUES IN (0);
  CREATE TABLE race_parts_1 PARTITION OF race_parts FOR VALUES IN (1);
  CREATE TABLE samples (rel regclass, key text, v bigint, at timestamptz);
  CREATE TABLE quiet (rel regclass, key text, v bigint, at timestamptz);
  SELECT steward.audit_table('race'), steward.audit_table('race_parts');
  INSERT INTO race (id) SELECT generate_series(1, 10);
  INSERT INTO race_parts (id, part) SELECT i, i % 2 FROM generate_series(1, 10) i;
  CREATE PROCEDURE make_again(this int) LANGUAGE plpgsql AS $$
  DECLARE before bigint;
  BEGIN
    DELETE FROM race WHERE id = this RETURNING v INTO before;
    IF NOT FOUND THEN RETURN; END IF;
    INSERT INTO samples VALUES ('race', this, NULL, clock_timestamp());
    INSERT INTO race (id, v) VALUES (this, before + 1);
  END $$;
  CREATE PROCEDURE sample(this int) LANGUAGE sql AS $$
    WITH l AS (SELECT v FROM race WHERE id = this FOR UPDATE) INSERT INTO samples SELECT 'race', this, v, clock_timestamp() FROM l;
    WITH l AS (SELECT part, v FROM race_parts WHERE id = this FOR UPDATE), n AS (SELECT part, v, clock_timestamp() AS at FROM l)
      INSERT INTO samples SELECT 'race_parts', jsonb_build_array(this::text, part::text)::text, v, at FROM n
      UNION ALL SELECT 'race_parts', jsonb_build_array(this::text, (1 - part)::text)::text, NULL, at FROM n;
  $$});

sub racing_change {
  my $id = 1 + int rand 10;
  my $change = Changing::pick(
    "UPDATE race SET v = v + 1 WHERE id = $id", "UPDATE race SET v = v + 1, t = repeat(md5(v::text), 100) WHERE id = $id",
    "INSERT INTO race VALUES ($id) ON CONFLICT (id) DO UPDATE SET v = race.v + 1",
    "CALL make_again($id)", "UPDATE race_parts SET v = v + 1 WHERE id = $id", "UPDATE race_parts SET v = v + 1, part = 1 - part WHERE id = $id",
    "UPDATE race_parts SET v = v + 1, part = 1 - part WHERE id = $id",
    "WITH u AS (UPDATE race SET v = v + 1 WHERE id = $id RETURNING id) UPDATE race_parts p SET v = v + 1 FROM u WHERE p.id = u.id",
    "UPDATE race SET v = v + 1 WHERE id IN ($id, $id + 1)");
  return rand() < 0.4 ? ($change, "CALL sample($id)") : $change;
}

sub racing_transaction {
  my @steps = ('BEGIN', racing_change());
  for (1 .. int rand 4) { push @steps, rand() < 0.6 ? racing_change() : ('SAVEPOINT s', racing_change(), rand() < 0.5 ? racing_change() : (), Changing::pick('ROLLBACK TO s', 'RELEASE s')) }
  return join "; ", @steps, (rand() < 0.1 ? 'SELECT pg_sleep(0.005)' : ()), (rand() < 0.15 ? 'ROLLBACK' : 'COMMIT') . ';';
}

$_->quit for @sessions, $keeper;
my $before = -s $node->logfile;
my $others = q{pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()};
for my $round (1, 2) {
  my $load = start_clients($node, 5, \&racing_transaction, first => '\set ON_ERROR_STOP 0');
  push @$load, @{ start_clients($node, 3, \&racing_transaction, first => "\\set ON_ERROR_STOP 0\nSET default_transaction_isolation = 'repeatable read'; SET TimeZone = 'Asia/Kathmandu';") };
  wait_until($node, 'changes', "SELECT (SELECT sum(v) FROM race) + (SELECT sum(v) FROM race_parts) > $round * 1000");
  $node->safe_psql('postgres', "SELECT pg_terminate_backend(pid) FROM $others");
  finish_clients($load);
  wait_until($node, 'all sessions have ended', "SELECT NOT EXISTS (SELECT FROM $others)");
  $node->safe_psql('postgres', q{INSERT INTO quiet WITH n AS MATERIALIZED (SELECT clock_timestamp() AS at)
    SELECT 'race', id::text, v, at FROM race, n UNION ALL SELECT 'race_parts', jsonb_build_array(id::text, part::text)::text, v, at FROM race_parts, n});
}

# A change of the key is one change, whose second record is the row's under its new key.
is($node->safe_psql('postgres', q{
  WITH changes AS (SELECT DISTINCT ON (tx, seq) id, rel_name, action,
      CASE rel_name WHEN 'race' THEN row_key ELSE row_key::jsonb ->> 0 END AS row, (old_values ->> 'v')::bigint AS was, (new_values ->> 'v')::bigint AS becomes
    FROM steward.audit_log WHERE rel_name IN ('race', 'race_parts') ORDER BY tx, seq, id),
  pairs AS (SELECT *, lag(action) OVER w AS last_action, lag(COALESCE(becomes, was)) OVER w AS last FROM changes WINDOW w AS (PARTITION BY rel_name, row ORDER BY id))
  SELECT * FROM pairs WHERE CASE action WHEN 'update' THEN (was, becomes) IS DISTINCT FROM (last, last + 1)
    WHEN 'delete' THEN was IS DISTINCT FROM last
    ELSE last_action IS DISTINCT FROM 'delete' AND last IS NOT NULL OR becomes IS DISTINCT FROM COALESCE(last + 1, 0) END ORDER BY id LIMIT 5}),
  '', 'records are in the order in which sessions have changed a row');
is($node->safe_psql('postgres', q{
  SELECT s.*, got FROM (SELECT * FROM samples ORDER BY random() LIMIT 2000) s, steward.row_as_of(s.rel, s.key, s.at) got
    WHERE got ->> 'v' IS DISTINCT FROM s.v::text LIMIT 5}), '', 'a row was what those saw who had it locked');
is($node->safe_psql('postgres', q{
  SELECT q.*, got FROM quiet q, steward.row_as_of(q.rel, q.key, q.at) got WHERE got ->> 'v' IS DISTINCT FROM q.v::text LIMIT 5}), '', 'rows were what all saw when nobody wrote');
is($node->safe_psql('postgres', q{
  SELECT at, id, q.v, t.v FROM (SELECT DISTINCT at FROM quiet WHERE rel = 'race'::regclass) m CROSS JOIN LATERAL steward.table_as_of(NULL::race, at) t
    FULL JOIN (SELECT at, key::int AS id, v FROM quiet WHERE rel = 'race'::regclass) q USING (at, id)
    WHERE q.v IS DISTINCT FROM t.v LIMIT 5}), '', 'and whole tables');
is($node->safe_psql('postgres', q{
  SELECT key, now, got FROM (SELECT 'race'::regclass AS rel, id::text AS key, to_jsonb(r) AS now FROM race r
    UNION ALL SELECT 'race_parts', jsonb_build_array(id::text, part::text)::text, to_jsonb(r) FROM race_parts r) r,
    steward.row_as_of(rel, key, 'infinity') got WHERE got IS DISTINCT FROM now LIMIT 5}), '', 'the last of them leads to what is there');
note 'samples: ', $node->safe_psql('postgres', 'SELECT count(*) FROM samples');
my $known = qr/deadlock detected|could not serialize|current transaction is aborted|savepoint "s" does not exist|terminating connection|moved to another partition due to concurrent/;
is(join("\n", grep { !/$known/ } substr(slurp_file($node->logfile), $before) =~ /(?:ERROR|PANIC|FATAL): .*/g), '', 'statements failed because they met others alone');
is($node->safe_psql('postgres', 'SELECT count(*) FROM steward.audit_gaps'), '0', 'nothing is missing');
is_sound($node, 'tables and indexes are sound');
done_testing();

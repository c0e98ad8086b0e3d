# Maintenance by pg_cron, in both of its modes: the job runs, and partitions appear. Without pg_cron, or where it is another database's, the
# error says what to do; and maintain() runs nowhere where it could not commit.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Session;
use Steward;

my ($share) = run_command([ 'pg_config', '--sharedir' ]);
my $has_cron = -e "$share/extension/pg_cron.control";

# With nothing preloaded.
my $plain = new_node('plain', 'fsync = off');
$plain->safe_psql('postgres', 'CREATE EXTENSION steward');

sub message_of {
  my ($node, $sql, $database) = @_;
  my ($stdout, $stderr);
  $node->psql($database // 'postgres', $sql, stdout => \$stdout, stderr => \$stderr);
  return $stderr;
}

is(sqlstate_of($plain, 'SELECT steward.schedule_maintenance()'), '55000', 'without pg_cron nothing is scheduled');
my $message = message_of($plain, 'SELECT steward.schedule_maintenance()');
like($message, qr/shared_preload_libraries = 'pg_cron'.*cron\.database_name = 'postgres'.*CREATE EXTENSION pg_cron/, 'the error says how to have pg_cron');
like($message, qr/psql -d postgres -c 'CALL steward\.maintain\(\)'/, 'and how to do without');

# A set that lacks a partition, and what tells whether it was made.
my $set = q{
  CREATE TABLE reports (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  SELECT steward.manage_partitions('reports', '1 month', premake => 1);
  UPDATE steward.partition_sets SET premake = 3;};
my $made = q{SELECT count(*) = 4 FROM steward.partitions WHERE rel = 'reports'::regclass AND state = 'attached'};
$plain->safe_psql('postgres', $set);

# Where it could not commit it refuses before it has done anything; also what a driver without autocommit sends.
for ([ 'a transaction block', 'BEGIN; CALL steward.maintain();' ],
  [ 'a function', q{CREATE FUNCTION within() RETURNS void LANGUAGE plpgsql AS 'BEGIN CALL steward.maintain(); END'; SELECT within();} ],
  [ 'a block with a handler', q{DO 'BEGIN CALL steward.maintain(); EXCEPTION WHEN division_by_zero THEN NULL; END'} ],
  [ 'DO in a transaction block', q{BEGIN; DO 'BEGIN CALL steward.maintain(); END'} ],
  [ 'a session without autocommit', "\\set AUTOCOMMIT off\nCALL steward.maintain();" ],
  [ 'a string of several commands', q{SELECT 1 \; CALL steward.maintain();} ]) {
  my ($where, $sql) = @$_;
  is(sqlstate_of($plain, $sql), '25001', "$where: refused");
  is($plain->safe_psql('postgres', $made), 'f', "$where: nothing was done");
}
is(sqlstate_of($plain, 'CALL steward.maintain()'), '', 'by itself it runs');
is($plain->safe_psql('postgres', $made), 't', 'and does what is due');
$plain->stop;

SKIP: {
  skip 'pg_cron is not installed for this server', 1 unless $has_cron;

  # Both modes at once, because pg_cron counts in minutes.
  my %nodes;
  for my $mode ('off', 'on') {
    my $node = PostgreSQL::Test::Cluster->new("workers_$mode");
    $node->init(extra => [ '-E', 'UTF8', '--locale=C' ]);
    $node->append_conf('postgresql.conf', join("\n", q{shared_preload_libraries = 'pg_cron'}, q{cron.database_name = 'app'},
      "cron.use_background_workers = $mode", q{cron.host = '} . $node->host . q{'}, 'max_worker_processes = 20', 'fsync = off', ''));
    $node->start;
    $node->safe_psql('postgres', q{CREATE DATABASE app; CREATE DATABASE "other one"});
    $node->safe_psql('app', qq{
      CREATE EXTENSION steward;
      CREATE ROLE keeper LOGIN;
      SELECT steward.grant_access('keeper', 'admin');
      $set});
    $nodes{$mode} = $node;
  }
  my $node = $nodes{off};

  my $keeper = 'SET ROLE keeper;';
  like(message_of($node, 'SELECT steward.schedule_maintenance()', 'app'), qr/has no extension pg_cron.*Run CREATE EXTENSION pg_cron\./s,
    'the library alone will not do');
  $node->safe_psql('other one', 'CREATE EXTENSION steward');
  my $elsewhere = message_of($node, 'SELECT steward.schedule_maintenance()', 'other one');
  like($elsewhere, qr/has its jobs in database "app"/, 'in another database the error says where pg_cron is');
  my ($there) = $elsewhere =~ /run (SELECT cron\.schedule_in_database\(.*\))\. Or/;
  ok($there, 'and what to run there');

  $_->safe_psql('app', 'CREATE EXTENSION pg_cron') for values %nodes;
  is(sqlstate_of($node, "$keeper SELECT steward.schedule_maintenance()", database => 'app'), '42501', 'a role that may not use pg_cron cannot');
  like(message_of($node, "$keeper SELECT steward.schedule_maintenance()", 'app'), qr/GRANT USAGE ON SCHEMA cron TO keeper/, 'and is told why');
  $_->safe_psql('app', 'GRANT USAGE ON SCHEMA cron TO keeper') for values %nodes;
  is(sqlstate_of($node, 'SELECT steward.schedule_maintenance()'), '3F000', 'there is no steward elsewhere');

  # Asked for again, it changes.
  my $jobs = q{SELECT jobname, schedule, command, database, username FROM cron.job ORDER BY jobid};
  for my $one (values %nodes) {
    $one->safe_psql('app', "$keeper SELECT steward.schedule_maintenance()");
    is($one->safe_psql('app', $jobs), 'steward maintenance|*/5 * * * *|CALL steward.maintain()|app|keeper', 'exactly the CALL is scheduled, every five minutes');
    $one->safe_psql('app', "$keeper SELECT steward.schedule_maintenance('* * * * *')");
    is($one->safe_psql('app', $jobs), 'steward maintenance|* * * * *|CALL steward.maintain()|app|keeper', 'the schedule can be changed');
  }
  my $began = time;

  for my $nonsense ('every day', '61 * * * *', '', '* * * *', "'; DROP TABLE reports; --") {
    (my $quoted = $nonsense) =~ s/'/''/g;
    is(sqlstate_of($node, "$keeper SELECT steward.schedule_maintenance('$quoted')", database => 'app'), '22023', "no schedule: \"$nonsense\"");
  }
  like(message_of($node, "$keeper SELECT steward.schedule_maintenance('every day')", 'app'),
    qr/invalid schedule "every day"\nDETAIL:  pg_cron says: .*\nHINT:  .*minute, hour, day of month/, 'and the error says what a schedule is');
  is(sqlstate_of($node, "$keeper SELECT steward.schedule_maintenance(NULL)", database => 'app'), '22004', 'nor is NULL');
  is($node->safe_psql('app', $jobs), 'steward maintenance|* * * * *|CALL steward.maintain()|app|keeper', 'and the job is as it was');

  # What the error said works, and is a job beside the one of this database.
  $node->safe_psql('app', $there);
  is($node->safe_psql('app', 'SELECT count(*) FROM cron.job'), '2', 'what the error said can be run');
  $node->safe_psql('app', q{SELECT cron.alter_job(jobid, schedule => '* * * * *') FROM cron.job WHERE database = 'other one'});
  $node->safe_psql('other one', $set);

  my $ran = q{SELECT string_agg(DISTINCT format('%s %s %s', d.status, d.username, d.command), ', ') FROM cron.job_run_details d JOIN cron.job USING (jobid)
    WHERE d.status NOT IN ('starting', 'running', 'connecting', 'sending') AND job.database = 'app'};
  for my $mode ('off', 'on') {
    my $one = $nodes{$mode};
    $one->poll_query_until('app', $made);
    is($one->safe_psql('app', $made), 't', "background workers $mode: the job has made the partitions");
    $one->poll_query_until('app', "SELECT ($ran) IS NOT NULL");
    is($one->safe_psql('app', $ran), 'succeeded keeper CALL steward.maintain()', "background workers $mode: as the role that asked for it");
    is($one->safe_psql('app', q{SELECT string_agg(state, ',') FROM steward.partition_health}), 'ok', "background workers $mode: all is well");
  }
  $node->poll_query_until('other one', $made);
  is($node->safe_psql('other one', $made), 't', 'the job of the other database, too');
  note 'waited ', time - $began, ' s';

  is(sqlstate_of($node, 'SELECT steward.unschedule_maintenance()', database => 'app'), '', 'a superuser can end it');
  is($node->safe_psql('app', 'SELECT jobname FROM cron.job'), 'steward maintenance of other one', 'and nothing else');
  is(sqlstate_of($node, 'SELECT steward.unschedule_maintenance()', database => 'app'), '42704', 'what is not scheduled cannot be ended');
  is(sqlstate_of($nodes{on}, "$keeper SELECT steward.unschedule_maintenance()", database => 'app'), '', 'the role that asked for it can, too');
  is($nodes{on}->safe_psql('app', 'SELECT count(*) FROM cron.job'), '0', 'and it is gone');
  $nodes{on}->safe_psql('app', 'SELECT steward.schedule_maintenance(); DROP EXTENSION pg_cron');
  is(sqlstate_of($nodes{on}, 'SELECT steward.unschedule_maintenance()', database => 'app'), '55000', 'pg_cron can go');
  $_->stop for values %nodes;
}

done_testing();

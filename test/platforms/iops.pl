# iOps under many clients, and after a dump and a restore into another cluster.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $install = "$ENV{STEWARD_TREE}/examples/iops/install.sql";
my $node = new_node('iops', 'fsync = off', "statement_timeout = '120s'");
$node->safe_psql('postgres', 'CREATE DATABASE iops');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('iops'), '-f', $install ], 'installs');
# The sample is the same each time: in another database, some time later, each table has the same rows.
my $rows = q{SELECT relname || ' ' || md5(query_to_xml('SELECT t::text FROM iops.' || relname || ' t ORDER BY 1', true, true, '')::text) FROM pg_class
  WHERE relnamespace = 'iops'::regnamespace AND (relkind IN ('r', 'p') AND NOT relispartition OR relname = 'usage_tracking') ORDER BY 1};
$node->safe_psql('postgres', 'CREATE DATABASE again');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('again'), '-f', $install ], 'installs in another database of the cluster');
is($node->safe_psql('again', $rows), $node->safe_psql('iops', $rows), 'the sample is the same each time');
$node->safe_psql('postgres', 'DROP DATABASE again');
sub sql { my ($on, $statement) = @_; return $on->safe_psql('iops', "SET search_path = iops; $statement") }

# ---- many clients at once

# Some are refused; what they come to is counted by what is there.
sql($node, q{
  SELECT sign_up('many@example.org', 'a password');
  INSERT INTO analyses (id, user_id, name) SELECT '00000000-0000-4000-8000-00000000aaaa', id, 'x' FROM users WHERE email = 'many@example.org';
  CREATE PROCEDURE attempt(statement text) LANGUAGE plpgsql AS $$
  BEGIN EXECUTE statement; EXCEPTION WHEN SQLSTATE 'QL001' OR SQLSTATE 'QL002' OR SQLSTATE 'QL008' THEN NULL; END $$});
my $user = sql($node, q{SELECT id FROM users WHERE email = 'many@example.org'});

# Runs statements as a script of pgbench, each of 16 clients so many times.
sub many {
  my ($times, @statements) = @_;
  my $file = PostgreSQL::Test::Utils::tempdir() . '/script.sql';
  open my $out, '>', $file or die $!;
  print $out map {"$_;\n"} 'SET search_path = iops', @statements;
  close $out;
  my ($stdout, $stderr) = run_command([ 'pgbench', '-n', '-c', 16, '-j', 2, '-t', $times, '-f', $file, $node->connstr('iops') ]);
  return $stderr =~ /aborted|ERROR/ ? $stderr : '';
}
sub attempt { my ($statement) = @_; return "CALL attempt(\$\$ $statement \$\$)" }

is(many(4, attempt("SELECT upload_dataset('$user', 'x')"), attempt("SELECT send_ai_message('$user')"), attempt("SELECT publish_report('00000000-0000-4000-8000-00000000aaaa')"),
    attempt("SELECT invite_collaborator('$user', random() || '\@example.net')"), attempt("INSERT INTO data_connections (user_id, name, kind, credentials) VALUES ('$user', random(), 'api', '')")),
  '', 'sixteen clients of one user');
is(sql($node, "SELECT count(*) FROM datasets WHERE user_id = '$user'"), '5', 'many clients: five datasets, no more');
is(sql($node, "SELECT count(*) FROM reports WHERE user_id = '$user'"), '3', 'many clients: three reports, no more');
is(sql($node, "SELECT count(*) FROM collaborations WHERE user_id = '$user'"), '3', 'many clients: three collaborators, no more');
is(sql($node, "SELECT count(*) FROM data_connections WHERE user_id = '$user'"), '5', 'many clients: five data connections, no more');
is(sql($node, "SELECT ai_messages_count FROM usage_tracking WHERE user_id = '$user'"), '50', 'many clients: fifty messages, no more');
is(sql($node, "SELECT datasets_count, reports_count FROM usage_tracking WHERE user_id = '$user'"), '5|3', 'many clients: usage_tracking has what there is');

my $other = sql($node, q{SELECT sign_up('retry@example.org', 'a password')});
is(many(10, "SELECT send_ai_message('$other', 'the same request')"), '', 'a request that is sent 160 times');
is(sql($node, "SELECT ai_messages_count FROM usage_tracking WHERE user_id = '$other'"), '1', 'many clients: one key is one message');

my $code = sql($node, "SELECT min(short_code) FROM reports WHERE user_id = '$user'");
is(many(100, "SELECT * FROM open_report('$code')"), '', '1600 views of one report');
is(sql($node, "SELECT steward.count_of('reports', id) FROM reports WHERE short_code = '$code'"), '1600', 'many clients: each view counts, and once');
is(many(5, "SELECT change_tier('$user', CASE WHEN random() < 0.5 THEN 'pro' ELSE 'team' END)", "SELECT publish_report('00000000-0000-4000-8000-00000000aaaa')"), '', '80 reports at once');
is(sql($node, 'SELECT count(*) - count(DISTINCT short_code), count(*) FROM reports'), '0|86', 'many clients: no two reports get one code');
is(sql($node, 'SELECT * FROM steward.verify_limits()'), '', 'many clients: what is recorded is what the rows come to');

# bcrypt of such a cost takes a second, in which the report is deleted.
my $vanishing = sql($node, q{INSERT INTO reports (analysis_id, password_hash) VALUES ('00000000-0000-4000-8000-00000000aaaa', public.crypt('x', public.gen_salt('bf', 14))) RETURNING short_code});
my $answer = '';
my $visitor = IPC::Run::start([ 'psql', '-XAtq', '-d', $node->connstr('iops'), '-c', "SET search_path = iops; SELECT status, report_id IS NULL, results IS NULL, view_count IS NULL FROM open_report('$vanishing', 'x')" ],
  '<', '/dev/null', '>', \$answer, '2>', \$answer, IPC::Run::timeout(60));
wait_until($node, 'a visitor', "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query LIKE '%$vanishing%')");
sql($node, "DELETE FROM reports WHERE short_code = '$vanishing'");
$visitor->finish;
is($answer, "404|t|t|t\n", 'a report that is deleted while the password is looked at is 404');

# ---- dumped, and restored into another cluster, with its roles

my $facts = q{
  SELECT 'user', count(*)::text, md5(string_agg(u::text, ',' ORDER BY id)) FROM users u
  UNION ALL SELECT 'usage', count(*)::text, md5(string_agg(concat_ws(' ', user_id, month_year, datasets_count, ai_messages_count, reports_count), ',' ORDER BY id)) FROM usage_tracking
  UNION ALL SELECT 'report', count(*)::text, md5(string_agg(short_code, ',' ORDER BY id)) FROM reports
  UNION ALL SELECT 'views', sum(value)::text, md5(string_agg(key || value, ',' ORDER BY key)) FROM steward.counts('reports')
  UNION ALL SELECT 'log', count(*)::text, md5(string_agg(concat_ws(' ', actor, action, row_key, old_values, new_values), ',' ORDER BY id)) FROM steward.audit_log
  UNION ALL SELECT 'standing', string_agg(concat_ws(' ', meter, max, used), ',' ORDER BY meter), NULL FROM steward.usage('00000000-0000-4000-8000-0000000000a4'::uuid)
  UNION ALL SELECT 'event', count(*)::text, NULL FROM analytics_events
  UNION ALL SELECT 'partition', count(*)::text, NULL FROM steward.partitions
  UNION ALL SELECT 'grant', count(*)::text, string_agg(role || level, ',' ORDER BY role::text, level) FROM steward.access_grants};
my ($roles) = run_command([ 'pg_dumpall', '--roles-only', '-d', $node->connstr('postgres') ]);
my $dump = dump_of($node, 'iops');
my $copy = new_node('copy', 'fsync = off', "statement_timeout = '120s'");
$roles = join "\n", grep {/iops_/} split /\n/, $roles;  # not the superuser, who is there
is(restore_into($copy, 'postgres', $roles), '', 'the roles are restored');
$copy->safe_psql('postgres', 'CREATE DATABASE iops');
is(restore_into($copy, 'iops', $dump), '', 'the dump is restored without a word');
is(sql($copy, $facts), sql($node, $facts), 'restored: the same users, usage, codes, views and log');

is(sql($copy, "SELECT view_count FROM open_report('$code')"), '1601', 'restored: views go on from there');
is(sql($copy, q{SELECT status FROM open_report('zIVnjbPSIm') UNION ALL SELECT status FROM open_report('L0RdR6yBoU') ORDER BY 1}), "404\n410", 'restored: codes are known, and forged ones are not');
is(sqlstate_of($copy, "SELECT iops.upload_dataset('$other', 'x') FROM generate_series(1, 5); SELECT iops.upload_dataset('$other', 'x')", database => 'iops'), 'QL001', 'restored: limits hold, from what was used');
is(sqlstate_of($copy, "SELECT iops.change_tier('$user', 'free'); SELECT iops.invite_collaborator('$user', 'x')", database => 'iops'), 'QL002', 'restored: standing ones, too');
is(sql($copy, "SELECT send_ai_message('$other', 'the same request')"), '49', 'restored: a request that was sent before is still the same');
is(sql($copy, "SELECT change_tier('$user', 'pro'); SELECT count(publish_report('00000000-0000-4000-8000-00000000aaaa')) FROM generate_series(1, 50)") =~ /50$/, 1, 'restored: new codes, none of them an old one');
is(sql($copy, "SELECT action, actor FROM steward.audit_log ORDER BY id DESC LIMIT 1"), "create|$user", 'restored: the log goes on');
is(sql($copy, 'SELECT * FROM steward.verify_limits()'), '', 'restored: what is recorded is what the rows come to');
my ($maintained) = run_command([ 'psql', '-XAtq', '-d', $copy->connstr('iops'), '-c', 'CALL steward.maintain()', '-c', q{SELECT count(*) FROM steward.partition_health WHERE state <> 'ok'} ]);
is($maintained, '0', 'restored: maintenance goes on');

done_testing();

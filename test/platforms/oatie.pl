# The platform under load, and in another cluster: limits and views are exact when many come at once; a dump carries all of it.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('origin', 'fsync = off', "statement_timeout = '60s'");

# The application logs in as somebody who has no rights but those of oatie_app.
sub psql_as_web { my ($server) = @_; return ('psql', '-XAtq', '-d', $server->connstr('postgres') . ' user=web') }
my $login = 'CREATE ROLE web LOGIN IN ROLE oatie_app';
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), '-f', "$ENV{STEWARD_TREE}/examples/oatie/install.sql" ], 'install: from one file');
$node->safe_psql('postgres', $login);

# The sample is the same each time, to the last stamp: in another database, some time later, each table has the same rows.
my $rows = q{SELECT relname || ' ' || md5(query_to_xml('SELECT t::text FROM oatie.' || relname || ' t ORDER BY 1', true, true, '')::text) FROM pg_class
  WHERE relnamespace = 'oatie'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'schema_migrations' ORDER BY 1};
$node->safe_psql('postgres', 'CREATE DATABASE again');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('again'), '-f', "$ENV{STEWARD_TREE}/examples/oatie/install.sql" ], 'install: in another database of the cluster');
is($node->safe_psql('again', $rows), $node->safe_psql('postgres', $rows), 'sample: the same each time');
$node->safe_psql('postgres', 'DROP DATABASE again');

# Two tables of it, into a platform that has no rows yet.
my $critical = dump_of($node, 'postgres', '--data-only', '--table=oatie.users', '--table=oatie.organizations');
$node->safe_psql('postgres', 'CREATE DATABASE empty');
command_ok([ 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('empty'), '-c', 'CREATE EXTENSION steward', '-c', 'CREATE EXTENSION pgcrypto', '-c', 'CREATE SCHEMA oatie',
    '-c', 'SET search_path = oatie', map { ('-f', "$ENV{STEWARD_TREE}/examples/oatie/$_.sql") } qw(schema migrations steward app queries) ], 'install: without the sample');
is(restore_into($node, 'empty', $critical), '', 'dump: of two tables, is loaded into a platform that is empty');
my $loaded = q{SELECT md5(string_agg(o::text, ',' ORDER BY id)) FROM oatie.organizations o UNION ALL SELECT md5(string_agg(u::text, ',' ORDER BY id)) FROM oatie.users u
  UNION ALL SELECT string_agg(o.slug || ' ' || u.used, ' ' ORDER BY o.slug) FROM oatie.organizations o, steward.usage(o.id, 'oatie.organizations') u WHERE u.meter = 'oatie_users'};
is($node->safe_psql('empty', $loaded), $node->safe_psql('postgres', $loaded), 'dump: of two tables, the rows are the same, and counted');
$node->safe_psql('postgres', 'DROP DATABASE empty');

# The seed data's keys.
sub id { my ($kind, $n) = @_; return sprintf("'%d0000000-0000-4000-8000-%012d'", $kind, $n) }
sub value { my ($query, $server) = @_; return ($server // $node)->safe_psql('postgres', "SET TimeZone = 'UTC'; $query") }
sub used { my ($org, $meter, $server) = @_; return value("SELECT used FROM steward.usage($org, 'oatie.organizations') WHERE meter = '$meter'", $server) }

# So many sessions of the application at once, each with its statements. What they answered, and the SQLSTATEs of those that failed.
# Their statements are in files: what IPC::Run has in memory it hands over in finish(), to one after the other. And they wait for each
# other before they begin, or the first would be done when the last has logged in.
$node->safe_psql('postgres', 'CREATE TABLE public.arrived (n integer); GRANT SELECT, INSERT ON public.arrived TO web');
sub at_once {
  my ($sessions, $statements, $meanwhile) = @_;
  my (@runs, @answers, %failures);
  my $folder = PostgreSQL::Test::Utils::tempdir();
  my $meet = $sessions > 1 && qq{DO \$\$ BEGIN
    FOR i IN 1 .. 3000 LOOP IF (SELECT count(*) FROM public.arrived) = $sessions THEN RETURN; END IF; PERFORM pg_sleep(0.01); END LOOP;
    RAISE 'the others have not come'; END \$\$;};
  $node->safe_psql('postgres', 'TRUNCATE public.arrived');
  for my $n (1 .. $sessions) {
    my $run = { out => '', err => '' };
    PostgreSQL::Test::Utils::append_to_file("$folder/$n.sql", join("\n", '\set VERBOSITY sqlstate', $meet ? ("INSERT INTO public.arrived VALUES ($n);", $meet) : (), $statements->($n), ''));
    $run->{run} = IPC::Run::start([ psql_as_web($node) ], '<', "$folder/$n.sql", '>', \$run->{out}, '2>', \$run->{err}, IPC::Run::timeout(120));
    push @runs, $run;
  }
  $meanwhile->() if $meanwhile;
  for my $run (@runs) {
    $run->{run}->finish;
    push @answers, grep { length } split /\n/, $run->{out};
    ++$failures{$1} while $run->{err} =~ /ERROR:  (\w+)/g;
  }
  return (\@answers, \%failures);
}

# Those who were told that others hold the rest may come again, one by one; then a limit is met exactly. How many came through.
sub rest {
  my ($statement, $most) = @_;
  my $done = 0;
  for (1 .. $most + 1) {
    my ($answers, $failures) = at_once(1, sub { return $statement });
    return $done if $failures->{QL002};
    $done += @$answers;
  }
  return $done;
}

# ---- Limits, when all come at once

my $harbor = id(1, 2);
$node->safe_psql('postgres', "UPDATE oatie.organizations SET max_reports = 60, max_users = 8 WHERE id = $harbor");
my $report = sub { return "SELECT oatie.create_report($harbor, @{[ id(2, 4) ]}, @{[ id(3, 3) ]}, 'Report $_[0]');" };
my ($answers, $failures) = at_once(8, sub { my $n = shift; return map { $report->("$n $_") } 1 .. 5 });
is(@$answers + rest($report->('rest'), 15), 15, 'max_reports: of forty at once just those get through that there is room for');
is_deeply([ grep { !/^QL00[28]$/ } keys %$failures ], [], 'max_reports: the others are told why');
is(value("SELECT count(*) FROM oatie.reports WHERE organization_id = $harbor"), 60, 'max_reports: there are as many as may be');
is(used($harbor, 'oatie_reports'), 60, 'max_reports: and as many are recorded');

my $user = sub { my $n = shift; return "SELECT oatie.add_user($harbor, @{[ id(2, 4) ]}, 'user$n\@harbor.example', 'user$n', 'a password', 'U', 'U');" };
($answers, $failures) = at_once(10, sub { return $user->(shift) });
is(@$answers + rest($user->(99), 5), 5, 'max_users: of ten at once just those get through that there is room for');
is(value("SELECT count(*) FROM oatie.users WHERE organization_id = $harbor AND is_active"), 8, 'max_users: there are as many as may be');

# 349 MB are left, and twelve executions want 100 each.
my $northwind = id(1, 1);
my @executions = map { value("SELECT oatie.run_report(@{[ id(4, 3) ]}, @{[ id(2, 1) ]})") } 1 .. 12;
($answers, $failures) = at_once(12, sub { return "SELECT 'finished' FROM oatie.finish_execution('$executions[$_[0] - 1]', 100 * 1048576, 5);" });
my $finished = @$answers;
for my $execution (split /\n/, value("SELECT id FROM oatie.report_executions WHERE status = 'running'")) {
  $finished += @{ (at_once(1, sub { return "SELECT 'finished' FROM oatie.finish_execution('$execution', 100 * 1048576, 5);" }))[0] };
}
is($finished, 3, 'storage_limit_gb: of twelve at once just those get through that there is room for');
is(used($northwind, 'oatie_storage'), 707788800 + 3 * 104857600, 'storage_limit_gb: to the byte');
is(value("SELECT sum(result_size_bytes) FROM oatie.report_executions WHERE organization_id = $northwind"), 707788800 + 3 * 104857600, 'storage_limit_gb: and that is what there is');

# ---- Views and executions, when all come at once

($answers, $failures) = at_once(10, sub { return map { "SELECT status FROM oatie.open_share('Revenue3All');" } 1 .. 40 });
is(grep({ $_ eq '200' } @$answers), 400, 'view_count: four hundred views at once');
is(value("SELECT steward.count_of('oatie.report_shares', @{[ id(6, 1) ]}::uuid)"), 417, 'view_count: each is counted, beside those that there were');
at_once(4, sub { return ('BEGIN;', map({ "SELECT status FROM oatie.open_share('Revenue3All');" } 1 .. 10), 'ROLLBACK;') });
is(value("SELECT steward.count_of('oatie.report_shares', @{[ id(6, 1) ]}::uuid)"), 417, 'view_count: a view that is rolled back is none');
at_once(8, sub { return map { "SELECT oatie.run_report(@{[ id(4, 4) ]}, @{[ id(2, 4) ]});" } 1 .. 10 });
is(value("SELECT execution_count - count(e.id) || ' ' || execution_count FROM oatie.reports r JOIN oatie.report_executions e ON e.report_id = r.id WHERE r.id = @{[ id(4, 4) ]} GROUP BY r.id"),
  '0 82', 'execution_count: eighty runs at once, each is counted');

# ---- Who meets whom

# The same name forty times at once is forty versions of it.
($answers, $failures) = at_once(8, sub { return map { "SELECT oatie.create_template($harbor, @{[ id(2, 4) ]}, 'Popular', 'chart');" } 1 .. 5 });
is_deeply($failures, {}, 'create_template: nobody is refused as another is making the same one');
is(value("SELECT string_agg(version::text, ' ' ORDER BY version) FROM oatie.templates WHERE name = 'Popular'"), join(' ', 1 .. 40), 'create_template: each gets a version of its own');

# bcrypt of such a cost takes a second, in which the share is deleted.
$node->safe_psql('postgres', "INSERT INTO oatie.report_shares (report_id, created_by, short_code, password_hash) VALUES (@{[ id(4, 4) ]}, @{[ id(2, 4) ]}, 'Vanishing01', crypt('x', gen_salt('bf', 14)))");
($answers, $failures) = at_once(1, sub { return "SELECT status, report_id IS NULL, views IS NULL FROM oatie.open_share('Vanishing01', 'x');" },
  sub { wait_until($node, 'a visitor', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'web' AND state = 'active' AND query LIKE '%Vanishing01%')}); $node->safe_psql('postgres', q{DELETE FROM oatie.report_shares WHERE short_code = 'Vanishing01'}) });
is("@$answers @{[ %$failures ]}", '404|t|t ', 'open_share: 404, it is deleted while the password is looked at');

# One who is about to delete a report, and one who ends its execution: one of them waits, and neither for ever.
my $doomed = value("SELECT oatie.create_report($northwind, @{[ id(2, 1) ]}, @{[ id(3, 1) ]}, 'Doomed')");
my $last = value("SELECT oatie.run_report('$doomed', @{[ id(2, 1) ]})");
($answers, $failures) = at_once(2, sub {
  return $_[0] == 1 ? ('BEGIN;', "SELECT FROM oatie.reports WHERE id = '$doomed' FOR UPDATE;", 'SELECT pg_sleep(1) IS NULL;', "SELECT 'deleted' FROM oatie.delete_report('$doomed', @{[ id(2, 1) ]});", 'COMMIT;')
    : ('SELECT pg_sleep(0.3) IS NULL;', "SELECT 'ended' FROM oatie.finish_execution('$last', 1, 1);") });
is(join(' ', (sort grep {/ed$/} @$answers), %$failures), 'deleted P0002 1', 'finish_execution: no deadlock with who deletes the report');

# ---- Batches, and maintenance

$node->safe_psql('postgres', "UPDATE oatie.reports SET status = NULL WHERE organization_id = $harbor");
is(sqlstate_of($node, 'BEGIN; CALL oatie.fill_missing_status()'), '2D000', 'fill_missing_status: not in a transaction, as it commits');
# Somebody has one of them locked for a while.
at_once(2, sub { return $_[0] == 1 ? ('BEGIN;', "SELECT FROM oatie.reports WHERE id = @{[ id(4, 4) ]} FOR UPDATE;", 'SELECT pg_sleep(1) IS NULL;', 'COMMIT;') : ('SELECT pg_sleep(0.3) IS NULL;', 'CALL oatie.fill_missing_status(25, 0);') });
is(value('SELECT count(*) FROM oatie.reports WHERE status IS NULL'), 0, 'fill_missing_status: no report is left without a status');
is(value("SELECT string_agg(n::text, ' ' ORDER BY n DESC) FROM (SELECT count(*) AS n FROM oatie.reports WHERE organization_id = $harbor GROUP BY xmin) b"), '25 25 9 1', 'fill_missing_status: a batch is a transaction');
is(value("SELECT pg_get_function_arguments('oatie.fill_missing_status'::regproc)"), 'IN batch_size integer DEFAULT 1000, IN pause double precision DEFAULT 0.1', 'fill_missing_status: 1,000 rows, then 0.1 s of rest');
$node->safe_psql('postgres', 'CALL steward.maintain()');
is(value("SELECT view_count || ' ' || (last_viewed_at IS NOT NULL) FROM oatie.report_shares WHERE id = @{[ id(6, 1) ]}"), '417 true', 'view_count: the column has it after maintenance');

# ---- Another cluster

my $facts = q{
  SELECT 'usage', o.slug || ' ' || u.meter, concat_ws(' ', u.used, u.max, u.tier, u.source) FROM oatie.organizations o, steward.usage(o.id, 'oatie.organizations') u
  UNION ALL SELECT 'views', short_code, steward.count_of('oatie.report_shares', id)::text FROM oatie.report_shares
  UNION ALL SELECT 'views by day', short_code, string_agg(c::text, ' ') FROM oatie.report_shares, steward.count_series('oatie.report_shares', id, NULL, NULL) c GROUP BY short_code
  UNION ALL SELECT 'series', series, concat_ws(' ', length, check_chars, next_id) FROM steward.series
  UNION ALL SELECT 'rows', tableoid::regclass::text, count(*)::text FROM oatie.report_executions GROUP BY tableoid
  UNION ALL SELECT 'log', action || ' ' || resource_type, count(*)::text || ' ' || max(id::text) FROM oatie.audit_logs GROUP BY action, resource_type
  UNION ALL SELECT 'history', id::text, action || ' ' || actor FROM steward.history('oatie.reports', '40000000-0000-4000-8000-000000000004'::uuid)
  UNION ALL SELECT 'set', rel::text, concat_ws(' ', every, premake, time_zone) FROM steward.partition_sets
  UNION ALL SELECT 'audited', rel::text, (to_jsonb(a) - 'rel')::text FROM steward.audited_tables a
  UNION ALL SELECT 'ledger', version, concat_ws(' ', checksum, rollback_sql) FROM oatie.schema_migrations
  UNION ALL SELECT 'access', role::text, level || ' ' || complete FROM steward.access_grants
  ORDER BY 1, 2, 3};
$node->safe_psql('postgres', "DROP TABLE public.arrived; SELECT oatie.share_report(@{[ id(4, 4) ]}, @{[ id(2, 4) ]})");
my $before = value($facts);
like($before, qr/^\Q$_\E/m, "dump: the facts are there to begin with: $_") for 'usage|northwind oatie_storage|1022361600', 'views|Revenue3All|417', 'series|oatie_shares|', 'ledger|004_';

my $copy = new_node('copy', 'fsync = off', "statement_timeout = '60s'");
$copy->safe_psql('postgres', "CREATE ROLE oatie_app; CREATE ROLE oatie_auditor; CREATE ROLE oatie_monitor; $login");
is(restore_into($copy, 'postgres', dump_of($node, 'postgres')), '', 'dump: is restored into another cluster without a word');
is_deeply([ split /\n/, value($facts, $copy) ], [ split /\n/, $before ], 'dump: usage, views, codes, executions, log, ledger and rights are as they were');
is(value('SELECT count(*) FROM steward.verify_limits()', $copy), 0, 'dump: limits have recorded what is there');

# It goes on there.
my $answer = sub {
  my ($statement) = @_;
  my ($out, $err) = ('', '');
  IPC::Run::run([ psql_as_web($copy) ], '<', \"\\set VERBOSITY sqlstate\n$statement\n", '>', \$out, '2>', \$err);
  return $err =~ /ERROR:  (\w+)/ ? $1 : $out =~ s/\n+\z//r;
};
is($answer->($report->('one more')), 'QL002', 'restored: limits hold');
is($answer->("SELECT views FROM oatie.open_share('Revenue3All');"), '418', 'restored: views go on');
my $codes = value('SELECT short_code FROM oatie.report_shares');
my $code = $answer->("SELECT oatie.share_report(@{[ id(4, 4) ]}, @{[ id(2, 4) ]});");
is($code, value("SELECT oatie.share_report(@{[ id(4, 4) ]}, @{[ id(2, 4) ]})"), 'restored: the next code is what it would have been');
unlike($codes, qr/^\Q$code\E$/m, 'restored: and nobody has it yet');
is($answer->("SELECT oatie.log_in('hana\@harbor.example', 'correct horse') IS NOT NULL;"), 't', 'restored: passwords are the same');
my $execution = $answer->("SELECT oatie.run_report(@{[ id(4, 10) ]}, @{[ id(2, 4) ]});");
is($answer->("SELECT oatie.finish_execution('$execution', 1, 1);"), '', 'restored: reports run');
is(value("SELECT string_agg(action, ' ' ORDER BY id) FROM steward.history('oatie.reports', @{[ id(4, 10) ]}::uuid) WHERE actor = @{[ id(2, 4) ]}", $copy), 'update update', 'restored: and are in the log');

is(value("SELECT steward.row_as_of('oatie.organizations', ${harbor}::uuid, (SELECT at FROM steward.history('oatie.organizations', ${harbor}::uuid) ORDER BY id LIMIT 1)) ->> 'max_reports'", $copy),
  500, 'restored: the log knows what was there before the dump');

my $future = "now() + interval '2 years'";
$copy->safe_psql('postgres', qq{SELECT set_config('steward.now', ($future)::text, false) \\g /dev/null\nCALL steward.maintain();});
is(value("SELECT to_regclass(to_char($future, '\"oatie.report_executions_y\"YYYY\"m\"MM')) IS NOT NULL AND to_regclass(to_char($future, '\"steward.audit_records_y\"YYYY\"m\"MM')) IS NOT NULL", $copy),
  't', 'restored: partitions are made as time goes on');
is(value("SELECT string_agg(problem || ' ' || detail, '; ') FROM steward.verify_partitions('oatie.report_executions')", $copy), '', 'restored: and nothing is wrong with them');
$node->stop;
$copy->stop;

done_testing();

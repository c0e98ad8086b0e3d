# A million hits in mixed company: rollbacks, savepoints, folds, maintenance, rows that go and come. Every count equals
# what was committed, as a journal has it that the same transactions write.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Counting;
use Session;
use Steward;

my ($keys, $clients, $hits) = (10_000, 8, 1_000_000);
my ($per_transaction, $rounds) = (500, 250);

my $node = new_node('main', 'fsync = off', 'max_wal_size = 4GB', 'autovacuum_naptime = 1s', "idle_in_transaction_session_timeout = '60s'");
create_reports($node, $keys);
$node->safe_psql('postgres', qq{
  CREATE TABLE journal (report bigint, n bigint);
  ALTER TABLE reports ADD seen timestamptz, ADD opens int NOT NULL DEFAULT 0;
  SELECT steward.create_counter('reports', 'opens', bucket => '1 hour', last_col => 'seen');
  CREATE FUNCTION some_report() RETURNS bigint LANGUAGE sql VOLATILE AS 'SELECT 1 + floor(CASE WHEN random() < 0.3 THEN 10 ELSE $keys END * random())::bigint';
  -- So many hits, in blocks of 50 of which some are rolled back; the journal gets what remains.
  CREATE FUNCTION count_some(hits int) RETURNS void LANGUAGE plpgsql AS \$\$
  DECLARE
    reports bigint[]; report bigint;
  BEGIN
    FOR block IN 1 .. hits / 50 LOOP
      BEGIN
        reports := ARRAY(SELECT some_report() FROM generate_series(1, 50));
        FOREACH report IN ARRAY reports LOOP PERFORM steward.hit('reports', report, col => 'view_count'); END LOOP;
        IF block % 7 = 3 THEN
          BEGIN
            PERFORM steward.hit('reports', k, 3, 'view_count') FROM unnest(reports) k;
            PERFORM steward.hit('reports', reports[1], col => 'opens');
            RAISE division_by_zero;
          EXCEPTION WHEN division_by_zero THEN NULL;
          END;
        END IF;
        IF random() < 0.15 THEN RAISE unique_violation; END IF;
        INSERT INTO journal SELECT k, count(*) FROM unnest(reports) k GROUP BY k;
      EXCEPTION WHEN unique_violation THEN NULL;
      END;
      IF block % 5 = 0 THEN PERFORM steward.hit('reports', reports[1], col => 'opens'); END IF;
    END LOOP;
  END \$\$});

# 10 % of the transactions roll back, others to a savepoint.
my $folder = PostgreSQL::Test::Utils::tempdir();
append_to_file("$folder/count.sql", qq{\\set fate random(1, 100)
BEGIN;
SELECT count_some($per_transaction);
\\if :fate <= 10
  ROLLBACK;
\\elif :fate <= 20
  SAVEPOINT a;
  SELECT count_some(50);
  ROLLBACK TO a;
  SELECT count_some(50);
  COMMIT;
\\else
  COMMIT;
\\endif
});
my ($out, $started) = ('', time);
my $load = IPC::Run::start(
  [ 'pgbench', '-n', '-c', $clients, '-j', 2, '-t', $rounds, '-f', "$folder/count.sql", $node->connstr('postgres') ],
  '<', '/dev/null', '>', \$out, '2>&1', IPC::Run::timeout(200));

# What maintenance does meanwhile, round by round; each may wait for what it wants to lock, but not for ever.
my %done;
sub meanwhile {
  my ($what, $sql) = @_;
  my $code = sqlstate_of($node, "SET statement_timeout = '20s'; SET client_min_messages = error; $sql");
  ++$done{$what} if $code eq '';
  ok($code eq '' || $code eq '57014', "$what while others count") or diag($code);
}
while (1) {
  $load->pump_nb;
  last unless $load->pumpable;
  meanwhile('fold', 'CALL steward.fold_counters()');
  meanwhile('VACUUM', 'VACUUM steward._counts, reports');
  meanwhile('VACUUM FREEZE', 'VACUUM (FREEZE) steward._counts, steward._bucket_counts, steward._last_hits');
  meanwhile('REINDEX', 'REINDEX TABLE steward._counts');
  # Rows that nobody counts now, so that the journal need not know when they went.
  my ($gone, $back) = ($keys + 1, $keys + 20);
  meanwhile('rows that go and come', qq{
    INSERT INTO reports (id) SELECT generate_series($gone, $back);
    SELECT count(steward.hit('reports', id, 7, 'view_count')) FROM reports WHERE id > $keys;
    BEGIN; DELETE FROM reports WHERE id > $keys; ROLLBACK;
    DELETE FROM reports WHERE id > $keys});
}
$load->finish;
my $seconds = time - $started;
like($out, qr{actually processed: (\d+)/\1\b}, 'all transactions ran') or diag($out);
unlike($out, qr/ERROR|FATAL/, 'without an error');
my $calls = $per_transaction * $clients * $rounds;
cmp_ok($calls, '>=', $hits, 'a million hits');
cmp_ok($done{$_} // 0, '>=', 1, "$_ went through") for 'fold', 'VACUUM', 'VACUUM FREEZE', 'REINDEX', 'rows that go and come';
note "$calls hits in $seconds s; meanwhile " . join ', ', map { "$_ $done{$_} times" } sort keys %done;

my $wrong = q{
  WITH wanted AS (SELECT r.id, COALESCE(sum(j.n), 0) AS n FROM reports r LEFT JOIN journal j ON j.report = r.id GROUP BY r.id)
  SELECT count(*), min(id || ': ' || steward.count_of('reports', id, 'view_count') || ' instead of ' || n) FROM wanted
  WHERE steward.count_of('reports', id, 'view_count') <> n};
is($node->safe_psql('postgres', $wrong), '0|', 'every count is what was committed');
cmp_ok($node->safe_psql('postgres', 'SELECT sum(n) FROM journal'), '>', $hits / 2, 'most of them');
is($node->safe_psql('postgres', q{SELECT (SELECT sum(value) FROM steward._bucket_counts) = (SELECT sum(value) FROM steward.counts('reports', 'opens'))}),
  't', 'buckets hold what their counts hold');
is($node->safe_psql('postgres', qq{SELECT count(*) FROM steward._counts WHERE key::bigint > $keys}), '0', 'rows that are gone have no cell');
is($node->safe_psql('postgres', q{SELECT count(*) - count(DISTINCT (counter, key)) FROM steward._counts}), '0', 'no row has two');

$node->safe_psql('postgres', 'CALL steward.fold_counters()');
is($node->safe_psql('postgres', q{SELECT count(*) FROM reports WHERE view_count <> steward.count_of('reports', id, 'view_count') OR opens <> steward.count_of('reports', id, 'opens')}),
  '0', 'after the fold the table says the same');
is($node->safe_psql('postgres', q{SELECT sum(unfolded) FROM steward.counter_stats}), '0', 'nothing is left to fold');
is($node->safe_psql('postgres', q{SELECT count(*) FROM reports r JOIN steward._last_hits l ON l.counter = 2 AND l.key = r.id::text WHERE r.seen IS DISTINCT FROM l.value AND isfinite(l.value)}),
  '0', 'nor of the last hits');
# Indexes that are made anew while rows get their first hits, one by one.
$node->safe_psql('postgres', "INSERT INTO reports (id) SELECT generate_series($keys + 1, $keys + 200000)");
append_to_file("$folder/first.sql", "SELECT steward.hit('reports', $keys + nextval('firsts'), col => 'view_count');\n");
$node->safe_psql('postgres', 'CREATE SEQUENCE firsts');
$load = IPC::Run::start(
  [ 'pgbench', '-n', '-c', $clients, '-j', 2, '-T', 5, '-f', "$folder/first.sql", $node->connstr('postgres') ],
  '<', '/dev/null', '>', \$out, '2>&1', IPC::Run::timeout(60));
wait_until($node, 'first hits', 'SELECT last_value > 100 FROM firsts');
for my $time (1 .. 3) {
  is(sqlstate_of($node, "SET statement_timeout = '30s'; REINDEX TABLE CONCURRENTLY steward._counts"), '', "REINDEX CONCURRENTLY during first hits, $time of 3");
}
$load->finish;
unlike($out, qr/ERROR|FATAL/, 'without an error for who counts');
is($node->safe_psql('postgres', qq{SELECT count(*) - (SELECT last_value FROM firsts), min(value), max(value) FROM steward._counts WHERE key::bigint > $keys}), '0|1|1',
  'each has one cell');
is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_index WHERE indrelid = 'steward._counts'::regclass}), '1', 'and the table one index');

is_sound($node, 'tables and indexes are sound');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|still referenced/, 'the log knows of no leak');

done_testing();

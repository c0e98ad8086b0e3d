# A standby without the library replays everything that counting writes, page for page; promoted, it counts on.
use strict;
use warnings;
use List::Util qw(sum0);
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Counting;
use Session;
use Steward;

my $rows = 100;

# What there is to replay: first hits, hits with and without an xid, rollbacks, savepoints, rows that go and come,
# buckets and last hits, keys that change, and what maintenance does to the tables. $1 says how many there were.
my $schema = q{
  CREATE TABLE pages (id text PRIMARY KEY, hits bigint NOT NULL DEFAULT 0, seen timestamptz);
  INSERT INTO pages SELECT 'page ' || n FROM generate_series(1, 100) n;
  SELECT steward.create_counter('pages', 'hits', bucket => '1 day', last_col => 'seen');
  CREATE TABLE journal (report bigint, n bigint);
  CREATE PROCEDURE work(transactions int) LANGUAGE plpgsql AS $$
  DECLARE
    report bigint;
  BEGIN
    FOR i IN 1 .. transactions LOOP
      FOR j IN 1 .. 1 + floor(random() * 3) LOOP
        report := 1 + floor(random() * 100);
        BEGIN
          PERFORM steward.try_hit('reports', report), steward.hit('pages', 'page ' || report);
          IF i % 2 = 0 THEN INSERT INTO journal VALUES (report, 1); END IF;
          IF random() < 0.2 THEN RAISE division_by_zero; END IF;
        EXCEPTION WHEN division_by_zero THEN NULL;
        END;
      END LOOP;
      IF random() < 0.02 THEN
        DELETE FROM reports WHERE id = report;
        INSERT INTO reports (id, view_count) VALUES (report, 3) ON CONFLICT DO NOTHING;
        PERFORM steward.hit('reports', report);
      END IF;
      IF random() < 0.1 THEN ROLLBACK; ELSE COMMIT; END IF;
    END LOOP;
  END $$};

my $facts = q{
  SELECT 'report', id::text, steward.count_of('reports', id)::text FROM reports
  UNION ALL SELECT 'page', id, steward.count_of('pages', id)::text FROM pages
  UNION ALL SELECT 'bucket', key || start, value::text FROM steward._bucket_counts
  UNION ALL SELECT 'last', key, value::text FROM steward._last_hits
  UNION ALL SELECT 'folded', id, hits::text || seen FROM pages ORDER BY 1, 2};
my $raw = q{SELECT md5(string_agg(c::text, ',' ORDER BY counter, key)), count(*), sum(value) FROM steward._counts c};

sub same_everywhere {
  my ($primary, $standby, $name) = @_;
  is_deeply([ split /\n/, $standby->safe_psql('postgres', $facts) ], [ split /\n/, $primary->safe_psql('postgres', $facts) ], $name);
}

# Where the library is, and the same with nothing there.
my $with = slurp_file($ENV{TEMP_CONFIG});
my %nothing = (dynamic_library_path => '$libdir', extension_destdir => '', extension_control_path => '$system');
my $without = $with =~ s/^(\w+) = .*/$1 = '$nothing{$1}'/mgr;

for my $wal_level ('replica', 'logical') {
  my $primary = new_node("primary_$wal_level", 'fsync = off', "wal_level = $wal_level", "wal_consistency_checking = 'all'", 'max_wal_size = 2GB', 'wal_keep_size = 2GB');
  create_reports($primary, $rows);
  $primary->backup('base');
  my $standby = PostgreSQL::Test::Cluster->new("standby_$wal_level");
  $standby->init_from_backup($primary, 'base', has_streaming => 1);
  $standby->append_conf('postgresql.conf', $without);
  $standby->start;
  $primary->safe_psql('postgres', $schema);

  my @workers = map { Session->new($primary) } 1 .. 4;
  $_->tell('CALL work(400)') for @workers;
  for (1 .. 3) {
    $primary->safe_psql('postgres', q{
      VACUUM steward._counts; CALL steward.fold_counters(); CHECKPOINT; VACUUM (FREEZE) steward._counts, steward._bucket_counts, steward._last_hits, reports});
  }
  is($_->answer, '', "$wal_level: the load has run") for @workers;
  $_->quit for @workers;
  $primary->safe_psql('postgres', q{
    REINDEX TABLE steward._counts; UPDATE reports SET id = id + 1000 WHERE id <= 5; VACUUM FULL steward._counts;
    SELECT steward.hit('reports', id), steward.set_count('pages', 'page 1', 12) FROM reports; CALL work(50)});
  cmp_ok($primary->safe_psql('postgres', 'SELECT sum(value) FROM steward._counts'), '>', 2000, "$wal_level: there is something to replay");

  $primary->wait_for_catchup($standby);
  is($standby->safe_psql('postgres', $raw), $primary->safe_psql('postgres', $raw), "$wal_level: the standby has every cell");
  SKIP: {
    skip 'the server has steward in its own folder', 1 if -e $standby->config_data('--pkglibdir') . '/steward.so';
    is(sqlstate_of($standby, q{SELECT steward.count_of('reports', 6)}), '58P01', "$wal_level: and no library");
  }
  unlike(slurp_file($standby->logfile), qr/inconsistent page|PANIC/, "$wal_level: each page is as the primary's");

  # The same standby with the library.
  $standby->append_conf('postgresql.conf', $with);
  $standby->restart;
  same_everywhere($primary, $standby, "$wal_level: a standby reads the counts");
  for my $call (q{hit('reports', 6)}, q{try_hit('reports', 6)}, q{hit('pages', 'page 6', 5)}, q{set_count('reports', 6, 1)}) {
    is(sqlstate_of($standby, "SELECT steward.$call"), '25006', "$wal_level: a standby refuses $call");
  }
  is(sqlstate_of($standby, 'CALL steward.fold_counters()'), '25006', "$wal_level: and to fold");
  my ($out, $err);
  $standby->psql('postgres', q{SELECT steward.hit('reports', 6)}, stdout => \$out, stderr => \$err);
  like($err, qr/HINT:.*steward\.counter_standby/, "$wal_level: with a hint");
  my $count = $standby->safe_psql('postgres', q{SELECT steward.count_of('reports', 6)});
  is($standby->safe_psql('postgres', q{SET steward.counter_standby = 'ignore'; SELECT steward.hit('reports', 6), steward.try_hit('reports', 6, 3), steward.try_hit('reports', -1) IS NULL}),
    "$count|$count|t", "$wal_level: ignored, it gives the count as it is");
  is(sqlstate_of($standby, q{SET steward.counter_standby = 'ignore'; SELECT steward.hit('reports', -1)}), 'QN003', "$wal_level: of rows that are there");

  # What is counted while a session of the standby looks on reaches it.
  my $reader = Session->new($standby);
  is($reader->ask(q{SELECT steward.count_of('reports', 6)}), $count, "$wal_level: a session of the standby reads a count");
  $primary->safe_psql('postgres', q{SELECT steward.hit('reports', 6) FROM generate_series(1, 3)});
  $primary->wait_for_catchup($standby);
  is($reader->ask(q{SELECT steward.count_of('reports', 6)}), $count + 3, "$wal_level: and later the new one");
  $reader->quit;

  # Acknowledged by a synchronous standby, gone with the primary, there after the promotion.
  $primary->append_conf('postgresql.conf', "synchronous_standby_names = '*'");
  $primary->reload;
  wait_until($primary, 'a synchronous standby', q{SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'});
  my $replaying = Session->new($standby);
  my $before = counts_of($primary);
  my $load = start_clients($primary, 4, sub { sprintf q{SELECT %1$d, steward.hit('reports', %1$d);}, 6 + int(rand(20)) });
  wait_for_hits($primary, 500);
  $primary->stop('immediate');
  finish_clients($load);
  my $told = acknowledged($load);
  $standby->promote;
  my $after = counts_of($standby);
  my $fewer = grep { $after->{$_} < $before->{$_} + ($told->{$_} // 0) } keys %$after;
  my ($all, $more) = (sum0(values %$told), sum0(map { $after->{$_} - $before->{$_} } keys %$after));
  cmp_ok($all, '>=', 400, "$wal_level: hits were acknowledged by primary and standby");
  is($fewer, 0, "$wal_level: none of them is lost by the promotion");
  cmp_ok($more, '<=', $all + 4, "$wal_level: and no more is counted than was under way");
  $replaying->quit;

  # The promoted server counts on, exactly.
  $before = counts_of($standby);
  $standby->safe_psql('postgres', q{SELECT steward.hit('reports', id), steward.hit('reports', id, 2) FROM reports;
    BEGIN; SELECT steward.hit('reports', id) FROM reports; ROLLBACK; CALL steward.fold_counters()});
  is_deeply(counts_of($standby), { map { $_ => $before->{$_} + 3 } keys %$before }, "$wal_level: the promoted server counts on");
  is($standby->safe_psql('postgres', q{SELECT count(*) FROM reports WHERE view_count <> steward.count_of('reports', id)}), '0', "$wal_level: and folds");
  is_sound($standby, "$wal_level: its tables and indexes are sound");
}

# A hit is a commit to whom it matters: it waits for the standby, as long as that takes.
my $primary = new_node('waiting', 'fsync = off', "synchronous_standby_names = '*'", 'synchronous_commit = local');
create_reports($primary, 3);
$primary->safe_psql('postgres', q{SELECT steward.hit('reports', id) FROM reports});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('awaited');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
my %sessions = map { $_ => Session->new($primary) } 'on', 'remote_write', 'remote_apply';
for my $level (sort keys %sessions) {
  $sessions{$level}->ask("SET synchronous_commit = $level");
  $sessions{$level}->tell(q{SELECT steward.hit('reports', 1)});
  wait_until($primary, "$level waits", q{SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid = } . $sessions{$level}->pid);
}
is(sqlstate_of($primary, q{SELECT steward.hit('reports', 2)}), '', 'who asks for no standby does not wait');
is(sqlstate_of($primary, q{SET synchronous_commit = on; SET steward.counter_durability = async; SELECT steward.hit('reports', 2)}), '', 'nor who is content with async');
is(sqlstate_of($primary, q{SET synchronous_commit = on; BEGIN; SELECT steward.hit('reports', 2); ROLLBACK}), '', 'nor who rolls back');
is($primary->safe_psql('postgres', q{SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'}), '3', 'the others wait still');
$standby->start;
like($sessions{$_}->answer, qr/^\d$/, "a hit with synchronous_commit = $_ returns when the standby has it") for sort keys %sessions;
$_->quit for values %sessions;
is($primary->safe_psql('postgres', q{SELECT steward.count_of('reports', 1), steward.count_of('reports', 2)}), '4|3', 'all are counted');

done_testing();

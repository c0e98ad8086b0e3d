# Logical decoding: hits cost it next to nothing, and in mode row counts travel by it.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(time);
use Counting;
use Steward;

my $transactions = 30_000;

my $node = new_node('publisher', 'fsync = off', 'wal_level = logical', 'max_wal_size = 4GB', "statement_timeout = '60s'",
  'max_prepared_transactions = 5');
create_reports($node, 100);
$node->safe_psql('postgres', q{
  CREATE TABLE visits (report bigint, at timestamptz DEFAULT clock_timestamp());
  CREATE PUBLICATION visits FOR TABLE visits;
  CREATE PROCEDURE visit(n int, hits int) LANGUAGE plpgsql AS $$
  BEGIN
    FOR i IN 1 .. n LOOP
      INSERT INTO visits (report) VALUES (1 + i % 90);
      PERFORM steward.hit('reports', 1 + i % 90) FROM generate_series(1, hits);
      IF i % 10 = 0 THEN ROLLBACK; ELSE COMMIT; END IF;
    END LOOP;
  END $$;
  SELECT steward.hit('reports', id) FROM reports;
  SELECT pg_create_logical_replication_slot('decoding', 'pgoutput')});

# Seconds that it takes to decode what so many transactions have left in the WAL, and how many changes of visits it gives.
sub decode {
  my ($call) = @_;
  $node->safe_psql('postgres', $call);
  my $options = q{NULL, NULL, 'proto_version', '1', 'publication_names', 'visits'};
  my ($seconds, $inserts);
  for (1 .. 2) {
    my $started = time;
    $inserts = $node->safe_psql('postgres', "SELECT count(*) FROM pg_logical_slot_peek_binary_changes('decoding', $options) WHERE get_byte(data, 0) = ascii('I')");
    $seconds = time - $started if !defined $seconds || time - $started < $seconds;
  }
  $node->safe_psql('postgres', "SELECT pg_replication_slot_advance('decoding', pg_current_wal_lsn())");
  return ($seconds, $inserts);
}

my ($plain, $inserts) = decode("CALL visit($transactions, 0)");
is($inserts, $transactions * 0.9, 'rows are decoded');
my ($counted, $also) = decode("CALL visit($transactions, 1)");
is($also, $transactions * 0.9, 'and those of transactions that count');
# Were a hit a change of the catalogs to decoding, this would take many times as long, and more than in proportion.
cmp_ok($counted, '<=', 3 * $plain + 0.7, 'in a similar time');
note sprintf '%d transactions: %.2f s without hits, %.2f s with', $transactions, $plain, $counted;
is($node->safe_psql('postgres', q{SELECT sum(steward.count_of('reports', id)) FROM reports}), 100 + $transactions * 0.9, 'each hit is counted');

# Hits alone are nothing to decode; first hits, and hits that are taken back, do no harm.
my ($seconds, $none) = decode(q{
  SELECT steward.hit('reports', 1) FROM generate_series(1, 1000);
  INSERT INTO reports (id) SELECT generate_series(101, 1100);
  DO $$ BEGIN FOR i IN 101 .. 1100 LOOP PERFORM steward.hit('reports', i); INSERT INTO visits VALUES (i); ROLLBACK; END LOOP; END $$});
is($none, 0, 'hits alone are nothing to decode');

# ---- mode row

$node->safe_psql('postgres', q{
  SELECT steward.set_cell_mode('row');
  SELECT steward.hit('reports', id, 2) FROM reports WHERE id <= 10;
  CREATE PUBLICATION counts FOR TABLE reports, steward._counts, steward._count_deltas, steward._bucket_counts, steward._last_hits});
my $subscriber = new_node('subscriber', 'fsync = off', 'wal_level = logical', "statement_timeout = '60s'");
$subscriber->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  SELECT steward.set_cell_mode('row');
  CREATE TABLE reports (id bigint PRIMARY KEY, title text, view_count bigint NOT NULL DEFAULT 0);
  SELECT steward.create_counter('reports', 'view_count')});
my $connection = $node->connstr . ' dbname=postgres';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION copy CONNECTION '$connection' PUBLICATION counts");
wait_until($subscriber, 'tables are copied', q{SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel});

sub same_there {
  my ($name) = @_;
  $node->wait_for_catchup('copy');
  is_deeply(counts_of($subscriber), counts_of($node), $name);
}
same_there('what was counted before is copied');
$node->safe_psql('postgres', q{SELECT steward.hit('reports', id, id) FROM reports WHERE id <= 50; SELECT steward.hit('reports', 1) FROM generate_series(1, 100)});
same_there('deltas travel');
is($subscriber->safe_psql('postgres', q{SELECT count(*) > 0 FROM steward._count_deltas}), 't', 'as rows');
$node->safe_psql('postgres', q{BEGIN; SELECT steward.hit('reports', 2); PREPARE TRANSACTION 'one'; BEGIN; SELECT steward.hit('reports', 3); PREPARE TRANSACTION 'two'});
same_there('prepared hits do not count yet');
$node->safe_psql('postgres', q{COMMIT PREPARED 'one'; ROLLBACK PREPARED 'two'; SELECT steward.set_count('reports', 4, 4444)});
same_there('they do when they are committed');
is($subscriber->safe_psql('postgres', q{SELECT steward.count_of('reports', 4)}), '4444', 'and a count that is set travels');
$node->safe_psql('postgres', 'CALL steward.fold_counters()');
same_there('folded deltas travel');
is($subscriber->safe_psql('postgres', q{SELECT (SELECT count(*) FROM steward._count_deltas), (SELECT count(*) FROM reports WHERE view_count <> steward.count_of('reports', id))}),
  '0|0', 'the table too');
$node->safe_psql('postgres', q{SELECT steward.hit('reports', id, 3) FROM reports WHERE id <= 10; DELETE FROM reports WHERE id > 5; UPDATE reports SET id = 6 WHERE id = 5});
same_there('rows that go, and keys that change');
is($subscriber->safe_psql('postgres', q{SELECT (SELECT count(*) FROM steward._counts WHERE key::bigint > 6), (SELECT count(*) FROM steward._count_deltas WHERE key::bigint > 6)}),
  '0|0', 'take their counts along');
unlike(slurp_file($subscriber->logfile), qr/ERROR/, 'the subscriber had nothing to complain of');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION copy');

done_testing();

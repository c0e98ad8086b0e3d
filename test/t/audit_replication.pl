# What a subscription applies is recorded like any other change: each once, in the subscriber's own log.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my @settings = ('fsync = off', 'wal_level = logical', 'max_prepared_transactions = 10', "statement_timeout = '60s'");
my $publisher = new_node('publisher', @settings, 'logical_decoding_work_mem = 64kB');
my $subscriber = new_node('subscriber', @settings);

my $tables = q{
  CREATE TABLE notes (id int PRIMARY KEY, title text, big text, at timestamptz DEFAULT now());
  CREATE TABLE keyless (a int, b text);
  ALTER TABLE keyless REPLICA IDENTITY FULL;
  CREATE TABLE parts (id int, part int, n int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
  CREATE TABLE parts_0 PARTITION OF parts FOR VALUES IN (0);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
  CREATE TABLE rooted (id int, part int, n int, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
  CREATE TABLE rooted_0 PARTITION OF rooted FOR VALUES IN (0);
  CREATE TABLE rooted_1 PARTITION OF rooted FOR VALUES IN (1);
  CREATE TABLE referring (id int PRIMARY KEY, note int REFERENCES notes ON DELETE CASCADE)};
$publisher->safe_psql('postgres', "$tables; CREATE EXTENSION steward; SELECT steward.audit_table('notes');
  CREATE PUBLICATION plain FOR TABLE notes, keyless, parts, referring; CREATE PUBLICATION rooted FOR TABLE rooted WITH (publish_via_partition_root);
  INSERT INTO notes SELECT i, 'copied', repeat('x', 5000) FROM generate_series(1, 3) i; INSERT INTO rooted VALUES (1, 0, 0)");
$subscriber->safe_psql('postgres', "$tables; ALTER TABLE notes ADD local int DEFAULT 5; CREATE EXTENSION steward;
  SELECT steward.audit_table('notes', ignore_cols => '{at}', redact_cols => '{big}'), steward.audit_table('keyless'), steward.audit_table('parts'), steward.audit_table('rooted'), steward.audit_table('referring');
  CREATE TABLE seen AS SELECT 0::bigint AS id");
my $connection = $publisher->connstr . ' dbname=postgres';
$subscriber->safe_psql('postgres', "CREATE SUBSCRIPTION copy CONNECTION '$connection' PUBLICATION plain, rooted WITH (streaming = on, two_phase = true)");
wait_until($subscriber, 'tables are copied', q{SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel});

# What the subscriber's log has got since it was asked last.
sub logged {
  $publisher->wait_for_catchup('copy');
  my $news = $subscriber->safe_psql('postgres', q{
    SELECT concat_ws(' ', rel_name, action, row_key, changed, regexp_replace(new_values::text, 'hash:[0-9a-f]{32}', 'hash')) FROM steward.audit_log WHERE id > (SELECT id FROM seen) ORDER BY id});
  $subscriber->safe_psql('postgres', 'UPDATE seen SET id = (SELECT max(id) FROM steward.audit_records)');
  return [ split /\n/, $news ];
}
sub is_logged {
  my ($sql, $expected, $name) = @_;
  $publisher->safe_psql('postgres', $_) for ref $sql ? @$sql : $sql;
  is_deeply(logged(), $expected, $name);
}

is_deeply([ sort @{ logged() } ],
  [ (map { qq{notes create $_ {"id": $_, "big": "hash", "local": 5, "title": "copied"}} } 1 .. 3), 'rooted create ["1", "0"] {"n": 0, "id": 1, "part": 0}' ],
  'what is copied to begin with');
is_logged(q{INSERT INTO notes VALUES (4, 'applied', NULL), (5, 'applied', NULL)},
  [ map { qq{notes create $_ {"id": $_, "big": null, "local": 5, "title": "applied"}} } 4, 5 ], 'INSERT');
is_logged(q{UPDATE notes SET title = 'changed' WHERE id IN (1, 4)},
  [ map { qq{notes update $_ {title} {"title": "changed"}} } 1, 4 ], 'UPDATE, with a large value left alone');
is_logged(q{UPDATE notes SET at = now() WHERE id = 1; UPDATE notes SET big = 'y' WHERE id = 1}, [ 'notes update 1 {big} {"big": "hash"}' ], 'of what is recorded');
is_logged(q{UPDATE notes SET id = 6 WHERE id = 5}, [ map { qq{notes update $_ {id} {"id": 6}} } 5, 6 ], 'a key');
is_logged(q{INSERT INTO referring VALUES (1, 6)}, [ 'referring create 1 {"id": 1, "note": 6}' ], 'what refers');
is_logged(q{DELETE FROM notes WHERE id = 6}, [ 'notes delete 6', 'referring delete 1' ], 'DELETE, with a cascade, which the subscriber does not make again');
is_logged(q{INSERT INTO keyless VALUES (1, 'x'), (1, 'x'); UPDATE keyless SET b = 'y'; DELETE FROM keyless},
  [ ('keyless create {"a": 1, "b": "x"}') x 2, ('keyless update {b} {"a": 1, "b": "y"}') x 2, ('keyless delete') x 2 ], 'rows without a key');
is_logged(q{INSERT INTO parts VALUES (1, 0, 1), (2, 1, 2); UPDATE parts SET n = 10 WHERE id = 1; DELETE FROM parts WHERE id = 2},
  [ 'parts create ["1", "0"] {"n": 1, "id": 1, "part": 0}', 'parts create ["2", "1"] {"n": 2, "id": 2, "part": 1}', 'parts update ["1", "0"] {n} {"n": 10}', 'parts delete ["2", "1"]' ],
  'partitions, each by itself');
is_logged(q{UPDATE parts SET part = 1 WHERE id = 1}, [ 'parts delete ["1", "0"]', 'parts create ["1", "1"] {"n": 10, "id": 1, "part": 1}' ], 'where a row that moves comes as two changes');
is_logged(q{INSERT INTO rooted VALUES (2, 1, 2); UPDATE rooted SET n = 10 WHERE id = 1; UPDATE rooted SET n = 20 WHERE id = 2},
  [ 'rooted create ["2", "1"] {"n": 2, "id": 2, "part": 1}', 'rooted update ["1", "0"] {n} {"n": 10}', 'rooted update ["2", "1"] {n} {"n": 20}' ], 'partitions through their table');
is_logged(q{TRUNCATE keyless}, [ 'keyless truncate' ], 'TRUNCATE');
is_logged(q{TRUNCATE notes, referring}, [ 'notes truncate', 'referring truncate' ], 'of two');
is_logged(q{TRUNCATE rooted}, [ 'rooted truncate' ], 'of a partitioned table');
is_logged(q{TRUNCATE parts_1}, [ 'parts delete ["1", "1"]' ], 'of a partition');
is_logged(q{BEGIN; INSERT INTO notes VALUES (10, 'rolled back'); ROLLBACK}, [], 'nothing of what is rolled back');
is_logged([ q{BEGIN; INSERT INTO notes VALUES (11, 'prepared'); SAVEPOINT a; INSERT INTO notes VALUES (12, 'prepared'); ROLLBACK TO a; PREPARE TRANSACTION 'kept'},
    q{BEGIN; INSERT INTO notes VALUES (13, 'prepared'); PREPARE TRANSACTION 'dropped'}, q{COMMIT PREPARED 'kept'}, q{ROLLBACK PREPARED 'dropped'} ],
  [ 'notes create 11 {"id": 11, "big": null, "local": 5, "title": "prepared"}' ], 'prepared transactions');

# Transactions that are too large to be kept come while they run, with their savepoints.
$publisher->safe_psql('postgres', q{
  BEGIN; INSERT INTO notes SELECT i, repeat('s', 200) FROM generate_series(1001, 3000) i;
  SAVEPOINT a; INSERT INTO notes SELECT i, repeat('a', 200) FROM generate_series(3001, 5000) i; ROLLBACK TO a;
  SAVEPOINT b; UPDATE notes SET title = 'b' WHERE id BETWEEN 1001 AND 2000; INSERT INTO notes SELECT i, repeat('b', 200) FROM generate_series(5001, 7000) i; RELEASE b;
  SAVEPOINT c; DELETE FROM notes WHERE id > 1000; ROLLBACK TO c; COMMIT;
  BEGIN; INSERT INTO notes SELECT i, repeat('r', 200) FROM generate_series(8001, 10000) i; ROLLBACK});
$publisher->wait_for_catchup('copy');
is($subscriber->safe_psql('postgres', q{SELECT action, count(*), count(DISTINCT row_key), count(DISTINCT tx) FROM steward.audit_log WHERE id > (SELECT id FROM seen) GROUP BY 1 ORDER BY 1}),
  "create|4000|4000|1\nupdate|1000|1000|1", 'a transaction that is streamed is recorded once');
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM notes n WHERE NOT EXISTS (SELECT FROM steward.audit_log l WHERE l.rel_name = 'notes' AND l.row_key = n.id::text)}), '0', 'all of it');
is($subscriber->safe_psql('postgres', q{SELECT DISTINCT login_role = current_user, actor = current_user FROM steward.audit_log WHERE row_key = '1001'}), 't|t', 'and says who applied it');
is($subscriber->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1}), '0', 'each record has its transaction');
is($publisher->safe_psql('postgres', q{SELECT count(*) FROM steward.audit_log WHERE row_key = '1001'}), '2', 'the publisher has a log of its own');

unlike(slurp_file($subscriber->logfile), qr/ERROR|PANIC/, 'the subscriber had nothing to complain of');
$subscriber->safe_psql('postgres', 'DROP SUBSCRIPTION copy');

done_testing();

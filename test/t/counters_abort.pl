# Transactions that count and then fail: at commit after the cells have been written, or because their session ends.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Committing;
use Counting;
use Session;
use Steward;

# Nobody is that standby: whoever asks for it waits at the end of the commit, with all locks.
my $node = new_node('main', 'fsync = off', "synchronous_standby_names = 'nobody'", 'synchronous_commit = local', 'wal_level = logical',
  'autovacuum = off', "statement_timeout = '30s'");
create_reports($node, 10);
$node->safe_psql('postgres', q{
  CREATE TABLE pages (id text PRIMARY KEY, hits int NOT NULL DEFAULT 0, seen timestamptz);
  INSERT INTO pages SELECT n::text FROM generate_series(1, 10) n;
  SELECT steward.create_counter('pages', 'hits', bucket => '1 hour', last_col => 'seen');
  CREATE TABLE parents (id int PRIMARY KEY);
  CREATE TABLE children (parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE doctors (id int PRIMARY KEY, on_call boolean);
  INSERT INTO doctors VALUES (1, true), (2, true);
  SELECT steward.hit('reports', id, 5) FROM reports;
  SET steward.now = '2030-01-01 12:00+00';
  SELECT steward.hit('pages', id, 7) FROM pages});

# Everything that is counted.
my $all = q{SELECT 'report', id::text, steward.count_of('reports', id)::text FROM reports
  UNION ALL SELECT 'page', id, steward.count_of('pages', id)::text FROM pages
  UNION ALL SELECT 'bucket', key || ' ' || extract(epoch FROM start), value::text FROM steward._bucket_counts WHERE value <> 0
  UNION ALL SELECT 'last', key, value::text FROM steward._last_hits WHERE isfinite(value) ORDER BY 1, 2};
my $untouched = $node->safe_psql('postgres', $all);
sub is_untouched {
  my ($name) = @_;
  is_deeply([ split /\n/, $node->safe_psql('postgres', $all) ], [ split /\n/, $untouched ], $name);
}

# Rows of two counters, with buckets and last hits; some counted before a savepoint that is rolled back, some after.
my $hits = q{SET steward.now = '2031-01-01 12:30+00'; BEGIN;
  SELECT sum(steward.hit('reports', 1)) + sum(steward.hit('pages', '1')) FROM generate_series(1, 3);
  SAVEPOINT a; SELECT steward.hit('reports', 2) + steward.hit('pages', '2');
  SAVEPOINT b; SELECT steward.hit('reports', 3) + steward.hit('pages', '3'); ROLLBACK TO b;
  SAVEPOINT c; SELECT steward.hit('reports', 4, -5) + steward.hit('pages', '4', -7); RELEASE c};
my $counted = q{SELECT steward.count_of('reports', 1), steward.count_of('reports', 3), steward.count_of('reports', 4), steward.count_of('pages', '1')};
my ($before, $within) = ('5|5|5|7', '8|5|0|10');

sub counting {
  my ($more) = @_;
  my $session = Session->new($node);
  $session->ask($hits . ($more // ''));
  is($session->ask($counted), $within, 'the transaction sees its own hits') if !$more;
  return $session;
}

sub ends { my ($session) = @_; wait_until($node, 'end of session', 'SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ' . $session->pid . ')') }

# ---- sessions that end

my $session = counting();
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $session->pid . ')');
ends($session);
like($session->ask('SELECT 1'), qr/57P01/, 'a session with open savepoints is terminated');
is_untouched('and has counted nothing');

$session = counting('; INSERT INTO parents VALUES (77)');
$session->quit;
ends($session);
is_untouched('nor has one that just leaves');

$session = counting("; SET idle_in_transaction_session_timeout = '100ms'");
ends($session);
is_untouched('nor one that idles for too long');
$session->quit;

$session = Session->new($node);
$session->tell(q{SELECT sum(steward.hit('reports', 1 + n % 10)) FROM (SELECT generate_series(1, 100000000) n) one_by_one});
wait_until($node, 'it runs', q{SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%100000000%' AND pid <> pg_backend_pid()});
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $session->pid . ')');
like($session->answer, qr/57P01/, 'a statement that hits for ever is terminated');
ends($session);
is_untouched('and has counted nothing');
$session->quit;

is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE relation = 'steward._counts'::regclass OR locktype = 'object'}), '0', 'no lock is left');

# ---- failures at commit, before the cells are written and after

$session = counting('; INSERT INTO children VALUES (1)');
is($session->ask('COMMIT'), 'ERROR:  23503', 'a deferred constraint fails at commit');
is_untouched('and nothing is counted');
$session->quit;

my ($one, $two) = (Session->new($node), Session->new($node));
for my $doctor ([ $one, 1, 2 ], [ $two, 2, 1 ]) {
  my ($who, $own, $other) = @$doctor;
  $who->ask(qq{$hits; ROLLBACK; BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT on_call FROM doctors WHERE id = $other;
    SELECT sum(steward.hit('reports', 5)) + steward.hit('pages', '5') FROM generate_series(1, 4); UPDATE doctors SET on_call = false WHERE id = $own});
}
is($one->ask('COMMIT'), '', 'one of two serializable transactions commits');
is($two->ask('COMMIT'), 'ERROR:  40001', 'the other one fails at commit');
is($node->safe_psql('postgres', q{SELECT steward.count_of('reports', 5), steward.count_of('pages', '5')}), '9|8', 'one of them is counted');
$node->safe_psql('postgres', q{SET steward.now = '2030-01-01 12:00+00'; SELECT steward.hit('reports', 5, -4), steward.hit('pages', '5', -1)});
$untouched = $node->safe_psql('postgres', $all);
$_->quit for $one, $two;

my $holder = hold_commits($node);
for my $write ('', '; INSERT INTO parents VALUES (99)') {
  my $kind = $write ? 'a transaction that writes' : 'a transaction that only counts';
  for my $end ([ 'canceled', 'SELECT pg_cancel_backend(%d)', '57014' ], [ 'terminated', 'SELECT pg_terminate_backend(%d)', '57P01' ],
    [ 'out of time', undef, '55P03' ]) {
    my ($name, $blow, $code) = @$end;
    $session = counting("; NOTIFY nothing$write" . ($blow ? '' : "; SET lock_timeout = '300ms'"));
    $session->tell('COMMIT');
    wait_for_commit($node, $session) if $blow;
    # Only here can it be seen that the cells had been written.
    is($node->safe_psql('postgres', $counted), $within, "$kind, $name: its cells are written before it waits") if $blow;
    $node->safe_psql('postgres', sprintf $blow, $session->pid) if $blow;
    like($session->answer, qr/$code/, "$kind, $name: fails at commit");
    ends($session) if $code eq '57P01';
    is_untouched("$kind, $name: has counted nothing");
    is($session->ask($counted), $before, "$kind, $name: and sees that") if $code ne '57P01';
    $session->quit;
  }
}

# statement_timeout ends before a COMMIT begins, but not before one in a block.
$session = Session->new($node);
is($session->ask(q{SET statement_timeout = '500ms'; DO $$ BEGIN
    PERFORM steward.hit('reports', 1), steward.hit('pages', '1');
    INSERT INTO parents VALUES (98);
    NOTIFY nothing;
    COMMIT;
  END $$}), 'ERROR:  57014', 'COMMIT in a block runs out of time');
is_untouched('and has counted nothing');
is($session->ask($counted), $before, 'and sees that');
$session->quit;

# Others who count the same rows meanwhile are not in the way of what is taken back.
$session = counting('; NOTIFY nothing');
$session->tell('COMMIT');
wait_for_commit($node, $session);
$node->safe_psql('postgres', q{SELECT steward.hit('reports', 1, 100) FROM generate_series(1, 3)});
$node->safe_psql('postgres', q{SET steward.now = '2031-01-01 12:30+00'; SELECT steward.hit('pages', '1', 10)});
$node->safe_psql('postgres', 'VACUUM (FREEZE) steward._counts; CHECKPOINT');
$node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $session->pid . ')');
like($session->answer, qr/57014/, 'canceled while others count the same rows');
is($node->safe_psql('postgres', $counted), '305|5|5|17', 'their hits stay, its own are gone');
is($node->safe_psql('postgres', q{SELECT value FROM steward._bucket_counts WHERE key = '1' AND start = '2031-01-01 12:00+00'}), '10', 'in buckets too');
is($session->ask(q{SELECT steward.hit('reports', 1)}), '306', 'and the session goes on');
$session->quit;

# A count that is set while hits of a transaction that then fails are in it; also by one who then fails.
my $count = q{SELECT steward.count_of('reports', 1)};
for my $ends ('commits', 'fails') {
  my ($old) = $node->safe_psql('postgres', $count);
  $session = counting('; NOTIFY nothing');
  $session->tell('COMMIT');
  wait_for_commit($node, $session);
  my $setter = Session->new($node);
  $setter->ask(q{BEGIN; SELECT steward.set_count('reports', 1, 1000)} . ($ends eq 'fails' ? '; NOTIFY nothing' : ''));
  $setter->tell('COMMIT');
  $ends eq 'fails' ? wait_for_commit($node, $setter) : is($setter->answer, '', 'set_count waits for nobody');
  is($node->safe_psql('postgres', $count), '1000', 'the count is set');
  $node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $setter->pid . ')') if $ends eq 'fails';
  like($setter->answer, qr/57014/, 'who sets it fails first') if $ends eq 'fails';
  $node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $session->pid . ')');
  like($session->answer, qr/57014/, 'who has counted before fails');
  is($node->safe_psql('postgres', $count), $ends eq 'fails' ? $old : '1000', "set_count $ends: the count is as it must be");
  $node->safe_psql('postgres', "SELECT steward.set_count('reports', 1, $old)");
  $_->quit for $session, $setter;
}

# A row that goes while its hits are written, or taken back.
$session = counting('; NOTIFY nothing');
$session->tell('COMMIT');
wait_for_commit($node, $session);
$node->safe_psql('postgres', 'DELETE FROM reports WHERE id = 2');
$node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $session->pid . ')');
like($session->answer, qr/57014/, 'canceled after a row has gone');
is($node->safe_psql('postgres', q{SELECT count(*) FROM steward._counts WHERE key = '2' AND counter = 1}), '0', 'its cell has gone with it');
is($node->safe_psql('postgres', $counted), '306|5|5|17', 'the others are as they were');
$session->quit;
$node->safe_psql('postgres', 'INSERT INTO reports (id, view_count) VALUES (2, 5)');

# One that does get the lock.
$session = counting('; NOTIFY nothing');
$session->tell('COMMIT');
wait_for_commit($node, $session);
let_commits_go($node, $holder);
is($session->answer, '', 'a transaction that gets the lock commits');
is($node->safe_psql('postgres', $counted), '309|5|0|20', 'and is counted');
$session->quit;

# ---- the wait for a synchronous standby is after the commit: who stops waiting has counted

for my $end ([ 'canceled', 'pg_cancel_backend' ], [ 'terminated', 'pg_terminate_backend' ]) {
  my ($name, $blow) = @$end;
  for my $sql (q{SELECT steward.hit('reports', 6)}, q{BEGIN; INSERT INTO doctors SELECT max(id) + 1 FROM doctors; SELECT steward.hit('reports', 6); COMMIT}) {
    my $count = $node->safe_psql('postgres', q{SELECT steward.count_of('reports', 6)});
    $session = Session->new($node);
    $session->ask('SET synchronous_commit = on');
    $session->tell($sql);
    wait_until($node, 'it waits for the standby', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND pid = } . $session->pid . ')');
    is($node->safe_psql('postgres', q{SELECT steward.count_of('reports', 6)}), $count + 1, "$name at the standby's wait: it has counted");
    $node->safe_psql('postgres', "SELECT $blow(" . $session->pid . ')');
    my $answer = $session->answer;
    ends($session) if $name eq 'terminated';
    is($node->safe_psql('postgres', q{SELECT steward.count_of('reports', 6)}), $count + 1, "$name at the standby's wait: and has still");
    unlike($answer, qr/PANIC|ERROR/, "$name at the standby's wait: no error");
    $session->quit;
  }
}
$session = Session->new($node);
is($session->ask(q{SET synchronous_commit = on; SET steward.counter_durability = async; SELECT steward.hit('reports', 7)}), '6', 'async waits for no standby');
$session->quit;

# ---- procedures that commit

$node->safe_psql('postgres', q{
  CREATE PROCEDURE count_up(n int) LANGUAGE plpgsql AS $$
  BEGIN
    FOR i IN 1 .. n LOOP
      PERFORM steward.hit('reports', 8), steward.hit('pages', '8');
      BEGIN
        PERFORM steward.hit('reports', 9);
        IF i % 3 = 0 THEN RAISE division_by_zero; END IF;
      EXCEPTION WHEN division_by_zero THEN NULL;
      END;
      IF i % 10 = 0 THEN ROLLBACK; ELSE COMMIT; END IF;
    END LOOP;
    PERFORM steward.hit('reports', 8, 1000);
    RAISE EXCEPTION 'the last one fails' USING ERRCODE = 'YY001';
  END $$});
is(sqlstate_of($node, 'CALL count_up(100)'), 'YY001', 'a procedure that commits, rolls back and fails in the end');
is($node->safe_psql('postgres', q{SELECT steward.count_of('reports', 8), steward.count_of('pages', '8'), steward.count_of('reports', 9)}),
  '95|97|65', 'has counted what it committed');
is(sqlstate_of($node, q{DO $$ BEGIN PERFORM steward.hit('reports', 8); COMMIT; PERFORM steward.hit('reports', 8); ROLLBACK; END $$}), '', 'so may DO');
is($node->safe_psql('postgres', q{SELECT steward.count_of('reports', 8)}), '96', 'once committed, once not');

# ---- afterwards

is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE relation = 'steward._counts'::regclass OR locktype = 'object'}), '0', 'no lock is left');
is_sound($node, 'tables and indexes are sound');
unlike(slurp_file($node->logfile), qr/PANIC|TRAP|leak|still referenced/, 'the log knows of no leak');

done_testing();

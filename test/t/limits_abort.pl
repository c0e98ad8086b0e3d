# Transactions that consume and give back, and then fail: at commit after the cells have been written, or because their
# session ends. And those who wait for what others hold.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use Committing;
use Session;
use Steward;

# Nobody is that standby: whoever asks for it waits at the end of the commit, with all locks.
my $node = new_node('main', 'fsync = off', "synchronous_standby_names = 'nobody'", 'synchronous_commit = local', 'autovacuum = off',
  "statement_timeout = '30s'", 'max_prepared_transactions = 5', "steward.now = '2030-06-15 12:00+00'");
# Of everything each tenant may have 10 and has 5; tenant 6 has no limits.
$node->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  CREATE TABLE parents (id int PRIMARY KEY);
  CREATE TABLE children (parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED);
  CREATE TABLE doctors (id int PRIMARY KEY, on_call boolean);
  INSERT INTO doctors VALUES (1, true), (2, true);
  CREATE TABLE tenants (id int PRIMARY KEY, tier text NOT NULL DEFAULT 'small');
  INSERT INTO tenants SELECT generate_series(1, 5); INSERT INTO tenants VALUES (6, 'unlimited');
  CREATE TABLE documents (id bigserial PRIMARY KEY, tenant int NOT NULL);
  -- Sleeps at the third row of a statement whose kind test.slow names, when that row and two before it have been counted.
  CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('test.rows', (COALESCE(current_setting('test.rows', true), '0')::int + 1)::text, true);
    IF current_setting('test.rows') = '3' THEN PERFORM pg_sleep(20); END IF;
    RETURN NULL;
  END $$;
  SELECT steward.define_tier('small', 0), steward.define_tier('unlimited', 1), steward.bind_subjects('tenants', 'tier'),
    steward.define_meter('calls', 'tenants', 'metered', 'year'), steward.define_meter('slots', 'tenants', 'standing'),
    steward.define_meter('documents', 'tenants', 'standing'), steward.limit_rows('documents', 'tenant', 'documents');
  CREATE TRIGGER zz_inserts AFTER INSERT ON documents FOR EACH ROW WHEN (current_setting('test.slow', true) = 'insert') EXECUTE FUNCTION slow();
  CREATE TRIGGER zz_deletes AFTER DELETE ON documents FOR EACH ROW WHEN (current_setting('test.slow', true) = 'delete') EXECUTE FUNCTION slow();
  CREATE TRIGGER zz_updates AFTER UPDATE ON documents FOR EACH ROW WHEN (current_setting('test.slow', true) = 'update') EXECUTE FUNCTION slow();
  SELECT steward.set_limit('small', m, 10), steward.set_limit('unlimited', m, NULL) FROM unnest('{calls,slots,documents}'::text[]) m;
  SELECT steward.consume_all(id, '{calls,slots}', '{5,5}') FROM tenants;
  INSERT INTO documents (tenant) SELECT id FROM tenants, generate_series(1, 5)});

# Everything that is used, held and promised.
my $all = q{
  SELECT 'usage ' || t.id || ' ' || u.meter, u.used || ' held ' || u.held FROM tenants t, steward.usage(t.id) u
  UNION ALL SELECT 'cell ' || subject || ' ' || meter, used || ' held ' || held || ' giving ' || giving FROM steward._limit_cells
  UNION ALL SELECT 'recorded ' || subject || ' ' || meter, sum(n)::text
    FROM (SELECT subject, meter, n FROM steward._ledger UNION ALL SELECT subject, meter, used FROM steward._usage) r GROUP BY subject, meter
  UNION ALL SELECT 'documents ' || tenant, count(*)::text FROM documents GROUP BY tenant
  UNION ALL SELECT 'wrong', v::text FROM steward.verify_limits() v ORDER BY 1, 2};
sub everything { return [ split /\n/, $node->safe_psql('postgres', $all) ] }
my $untouched = everything();
sub is_untouched { my ($name) = @_; is_deeply(everything(), $untouched, $name) }
is(scalar(grep { /^usage [1-6] \w+\|5 held 0$/ } @$untouched), 18, 'each tenant has used 5 of each meter');

# Taken, given back, both; under savepoints that are released, rolled back, and open; by call and by rows.
my $work = q{BEGIN;
  SELECT FROM (SELECT steward.consume(1, 'calls', 3)) c; SELECT FROM (SELECT steward.release(1, 'slots', 2)) r;
  INSERT INTO documents (tenant) VALUES (1), (1);
  SAVEPOINT a; SELECT FROM (SELECT steward.consume(2, 'calls', 2)) c; DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE tenant = 2 LIMIT 2);
  SAVEPOINT b; SELECT FROM (SELECT steward.consume(3, 'calls', 5), steward.release(3, 'slots', 5)) c; DELETE FROM documents WHERE tenant = 3;
  SELECT FROM (SELECT steward.consume(1, 'calls'), steward.release(1, 'slots')) c; INSERT INTO documents (tenant) VALUES (1), (1), (2), (2);
  DELETE FROM documents WHERE tenant = 2; ROLLBACK TO b;
  SAVEPOINT c; SELECT FROM (SELECT steward.release(4, 'slots', 4)) r; SELECT FROM (SELECT steward.consume(4, 'slots')) c;
  DELETE FROM documents WHERE tenant = 4; INSERT INTO documents (tenant) VALUES (4), (4); RELEASE c;
  SAVEPOINT d; SELECT FROM (SELECT steward.release(5, 'slots', 2)) r; SELECT FROM (SELECT steward.consume(5, 'slots', 2)) c;
  INSERT INTO documents (tenant) VALUES (2); DELETE FROM documents WHERE id IN (SELECT id FROM documents WHERE tenant = 2 LIMIT 1)};
# One that does all it can to cells: they go with the rows, and new ones come.
my $upheaval = q{; TRUNCATE documents; INSERT INTO documents (tenant) VALUES (1), (2); UPDATE tenants SET id = 40 WHERE id = 4;
  SAVEPOINT e; SELECT FROM (SELECT steward.consume(40, 'slots', 3)) c; DELETE FROM tenants WHERE id = 5; INSERT INTO tenants VALUES (5);
  SELECT FROM (SELECT steward.consume(5, 'slots', 7)) c};
sub used { my ($column) = @_; return "SELECT string_agg($column, ' ' ORDER BY t.id, u.meter) FROM tenants t, steward.usage(t.id) u WHERE t.id < 6" }
my ($used, $held) = (used('u.used::text'), used('u.held::text'));
# Of tenants 1 to 5: calls, documents, slots.
my $before = join ' ', ('5 5 5') x 5;
my $within = '8 7 3 7 3 5 5 5 5 5 2 2 5 5 5';

sub working {
  my ($more) = @_;
  my $session = Session->new($node);
  unlike($session->ask($work . ($more // '')), qr/ERROR/, 'a transaction takes and gives back');
  is($session->ask($used), $within, 'and sees that') if !$more;
  return $session;
}
sub ends { my ($session) = @_; wait_until($node, 'end of session', 'SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ' . $session->pid . ')') }
# Says whether there is room, and takes nothing.
sub room {
  my ($tenant, $meter, $n, $wait) = @_;
  return $node->safe_psql('postgres', "SET steward.limit_wait = '@{[ $wait // 0 ]}'; BEGIN; SELECT steward.try_consume($tenant, '$meter', $n); ROLLBACK");
}

# ---- what others see meanwhile

my $session = working();
is($node->safe_psql('postgres', $used), $before, 'others see what is committed as used');
is($node->safe_psql('postgres', $held), '3 2 0 2 1 0 0 0 0 0 2 1 0 0 2', 'and what is taken as held');
is(join(' ', room(1, 'calls', 2), room(1, 'calls', 3)), 't f', 'what is taken nobody else may have');
is(join(' ', room(1, 'slots', 5), room(1, 'slots', 6), room(4, 'slots', 4), room(4, 'slots', 5)), 't f t f', 'nor what is given back');
is($session->ask('ROLLBACK'), '', 'rolled back');
is_untouched('nothing has changed');
$session->quit;

# ---- sessions that end

$session = working();
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $session->pid . ')');
ends($session);
is_untouched('a session with open savepoints is terminated: everything is as it was at once');
$session->quit;

$session = working();
$session->quit;
ends($session);
is_untouched('and so it is when one just leaves');

$session = working("; SET idle_in_transaction_session_timeout = '100ms'");
ends($session);
is_untouched('or idles for too long');
$session->quit;

$session = working($upheaval);
$node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $session->pid . ')');
ends($session);
is_untouched('or has made cells go and come before');
$session->quit;

# ---- statements that run out of time

for my $statement ([ 'a call', q{SELECT steward.consume(1, 'calls'), steward.release(1, 'slots'), pg_sleep(20)} ],
  [ 'rows', q{SET test.slow = 'insert'; INSERT INTO documents (tenant) SELECT 1 FROM generate_series(1, 5)} ],
  [ 'rows without limit, which are held ahead', q{SET test.slow = 'insert'; INSERT INTO documents (tenant) SELECT 6 FROM generate_series(1, 100)} ],
  [ 'rows that go', q{SET test.slow = 'delete'; DELETE FROM documents WHERE tenant = 1} ],
  [ 'rows that change hands', q{SET test.slow = 'update'; UPDATE documents SET tenant = 2 WHERE tenant = 1} ],
  [ 'very many rows', 'INSERT INTO documents (tenant) SELECT 6 FROM generate_series(1, 100000000)' ],
  [ 'one by one', q{DO $$ BEGIN LOOP PERFORM steward.consume(6, 'calls'); INSERT INTO documents (tenant) VALUES (6); END LOOP; END $$} ]) {
  my ($name, $sql) = @$statement;
  is(sqlstate_of($node, "SET statement_timeout = '150ms'; $sql"), '57014', "$name: stops");
  is_untouched("$name: nothing has changed");
}
is(sqlstate_of($node, q{SET statement_timeout = '150ms'; DO $$ BEGIN
    BEGIN
      PERFORM steward.consume(1, 'calls', 2), steward.release(1, 'slots');
      INSERT INTO documents (tenant) SELECT 6 FROM generate_series(1, 100);
      DELETE FROM documents WHERE tenant = 1;
      PERFORM pg_sleep(20);
    EXCEPTION WHEN query_canceled THEN NULL;
    END;
  END $$}), '', 'a block that catches that');
is_untouched('and commits has changed nothing');

# ---- failures at commit, before the cells are written and after

for my $more ('', $upheaval) {
  my $kind = $more ? 'an upheaval' : 'work';
  $session = working("$more; INSERT INTO children VALUES (1)");
  is($session->ask('COMMIT'), 'ERROR:  23503', "$kind: a deferred constraint fails at commit");
  is_untouched("$kind: and nothing has changed");
  $session->quit;
}

my ($one, $two) = (Session->new($node), Session->new($node));
for my $doctor ([ $one, 1, 2 ], [ $two, 2, 1 ]) {
  my ($who, $own, $other) = @$doctor;
  unlike($who->ask(qq{BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT on_call FROM doctors WHERE id = $other;
    SELECT steward.consume(1, 'calls', 2), steward.release(1, 'slots', 2), steward.consume(6, 'calls');
    SAVEPOINT a; SELECT steward.release(2, 'slots'); RELEASE a;
    UPDATE doctors SET on_call = false WHERE id = $own}), qr/ERROR/, "serializable transaction $own takes and gives back");
}
is($one->ask('COMMIT'), '', 'one of two serializable transactions commits');
is($two->ask('COMMIT'), 'ERROR:  40001', 'the other one fails at commit');
is($node->safe_psql('postgres', $used), '7 5 3 5 5 4 5 5 5 5 5 5 5 5 5', 'one of them counts');
is($node->safe_psql('postgres', $held), join(' ', ('0') x 15), 'nothing is held');
is(join(' ', room(1, 'slots', 7), room(1, 'slots', 8)), 't f', 'and no more is there than that one has given');
$_->quit for $one, $two;
$node->safe_psql('postgres', q{SELECT steward.release(1, 'calls', 2), steward.release(6, 'calls'); SELECT steward.consume(1, 'slots', 2), steward.consume(2, 'slots')});
is_untouched('back to the beginning');

sub cancel { my ($who) = @_; $node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $who->pid . ')') }

my $holder = hold_commits($node);
# What is taken counts as used by then; what is given back does not count yet.
my $written = '8 7 5 7 5 5 5 5 5 5 5 5 5 5 5';
for my $more ('', $upheaval) {
  my $kind = $more ? 'an upheaval' : 'work';
  for my $end ([ 'canceled', 'SELECT pg_cancel_backend(%d)', '57014' ], [ 'terminated', 'SELECT pg_terminate_backend(%d)', '57P01' ],
    [ 'out of time', undef, '55P03' ]) {
    my ($name, $blow, $code) = @$end;
    $session = working("$more; NOTIFY nothing" . ($blow ? '' : "; SET lock_timeout = '300ms'"));
    $session->tell('COMMIT');
    wait_for_commit($node, $session) if $blow;
    # Only here can it be seen that the cells had been written. After an upheaval they are locked.
    if ($blow && !$more) {
      is($node->safe_psql('postgres', $used), $written, "$kind, $name: its cells are written before it waits");
      is($node->safe_psql('postgres', $held), join(' ', ('0') x 15), "$kind, $name: nothing is held any more");
      is(join(' ', room(1, 'slots', 5), room(1, 'slots', 6), room(4, 'slots', 5), room(4, 'slots', 6)), 't f t f', "$kind, $name: and nothing is given back yet");
    }
    $node->safe_psql('postgres', sprintf $blow, $session->pid) if $blow;
    like($session->answer, qr/$code/, "$kind, $name: fails at commit");
    ends($session) if $code eq '57P01';
    is_untouched("$kind, $name: nothing has changed");
    is($session->ask($used), $before, "$kind, $name: and it sees that") if $code ne '57P01';
    $session->quit;
  }
}

# statement_timeout ends before a COMMIT begins, but not before one in a block.
$session = Session->new($node);
is($session->ask(q{SET statement_timeout = '500ms'; DO $$ BEGIN
    PERFORM steward.consume(1, 'calls', 2), steward.release(1, 'slots', 3);
    DELETE FROM documents WHERE tenant = 1;
    INSERT INTO documents (tenant) SELECT 6 FROM generate_series(1, 100);
    NOTIFY nothing;
    COMMIT;
  END $$}), 'ERROR:  57014', 'COMMIT in a block runs out of time');
is_untouched('and nothing has changed');
is($session->ask(q{BEGIN; SELECT steward.try_consume(1, 'slots', 5), steward.try_consume(1, 'slots'); ROLLBACK}), 't|f', 'nor for the session itself');
$session->quit;

# Others who take and give back the same meanwhile are not in the way of what is undone, nor it in theirs.
$session = working('; NOTIFY nothing');
$session->tell('COMMIT');
wait_for_commit($node, $session);
is($node->safe_psql('postgres', q{SELECT steward.consume(1, 'calls', 2), steward.try_consume(1, 'calls')}), '0|f', 'others take all the rest');
$node->safe_psql('postgres', q{SELECT steward.release(1, 'slots', 5)});
$node->safe_psql('postgres', 'CALL steward.fold_limits(); VACUUM steward._limit_cells; CHECKPOINT');
is($node->safe_psql('postgres', q{SELECT used FROM steward.usage(1) WHERE meter = 'slots'}), '2', 'what is promised nobody else gives back');
cancel($session);
like($session->answer, qr/57014/, 'canceled while others use the same');
is($node->safe_psql('postgres', $used), '7 5 2 5 5 5 5 5 5 5 5 5 5 5 5', 'what they have done stays, its own is gone');
is(join(' ', room(1, 'calls', 3), room(1, 'calls', 4), room(1, 'slots', 8), room(1, 'slots', 9)), 't f t f', 'and there is room for so much exactly');
$session->quit;
$node->safe_psql('postgres', q{SELECT steward.release(1, 'calls', 2), steward.consume(1, 'slots', 3)});

# One that does get the lock.
$session = working('; NOTIFY nothing');
$session->tell('COMMIT');
wait_for_commit($node, $session);
let_commits_go($node, $holder);
is($session->answer, '', 'one that gets the lock commits');
$session->quit;
is($node->safe_psql('postgres', $used), $within, 'and all that it has done counts');
is($node->safe_psql('postgres', $held), join(' ', ('0') x 15), 'nothing is held');
is($node->safe_psql('postgres', 'SELECT * FROM steward.verify_limits()'), '', 'rows and records agree');
is(join(' ', room(1, 'calls', 2), room(1, 'calls', 3), room(1, 'slots', 7), room(1, 'slots', 8), room(4, 'slots', 8), room(4, 'slots', 9)), 't f t f t f',
  'and there is room for so much exactly');

# ---- waiting for what others hold

# Tenant 3 has used 5 of everything.
my ($other, $waiter) = (Session->new($node), Session->new($node));
$waiter->ask(q{SET steward.limit_wait = '5s'});
my %ways = (
  'a call' => { takes => q{SELECT FROM (SELECT steward.consume(3, 'calls', 5)) c}, wants => q{SELECT 'remaining', steward.consume(3, 'calls', 2)}, gets => 'remaining|3', limit => 'QL001' },
  'all or nothing' => { takes => q{SELECT FROM (SELECT steward.consume(3, 'calls', 5)) c}, wants => q{SELECT FROM (SELECT steward.consume_all(3, '{slots,calls}', '{5,2}')) c}, gets => '', limit => 'QL001' },
  'rows' => { takes => 'INSERT INTO documents (tenant) SELECT 3 FROM generate_series(1, 5)', wants => q{INSERT INTO documents (tenant) VALUES (3), (3) RETURNING 'a row'}, gets => "a row\na row", limit => 'QL002' });

sub begin_to_wait {
  my ($way) = @_;
  $waiter->ask('BEGIN');
  $waiter->tell($way->{wants});
  wait_until($node, 'it waits', q{SELECT state = 'active' AND clock_timestamp() - query_start > interval '100 ms' FROM pg_stat_activity WHERE pid = } . $waiter->pid);
}
# The answer, and whether it came soon after what it has waited for.
sub soon {
  my ($name, $is, $event) = @_;
  my $start = time;
  $event->();
  is($waiter->answer, $is, $name);
  my $took = time - $start;
  cmp_ok($took, '<', 2, sprintf '%s, after %.0f ms', $name, $took * 1000);
  $waiter->ask('ROLLBACK');
}

$untouched = everything();
for my $name (sort keys %ways) {
  my $way = $ways{$name};
  $other->ask("BEGIN; $way->{takes}");
  begin_to_wait($way);
  soon("$name: gets it when who holds it rolls back", $way->{gets}, sub { $other->ask('ROLLBACK') });

  if ($name ne 'all or nothing') {
    $other->ask("BEGIN; SAVEPOINT a; $way->{takes}");
    begin_to_wait($way);
    soon("$name: or rolls back to a savepoint", $way->{gets}, sub { $other->ask('ROLLBACK TO a') });
    $other->ask('ROLLBACK');
  }

  my $dying = Session->new($node);
  $dying->ask("BEGIN; SAVEPOINT a; $way->{takes}; SAVEPOINT b");
  begin_to_wait($way);
  soon("$name: or is terminated", $way->{gets}, sub { $node->safe_psql('postgres', 'SELECT pg_terminate_backend(' . $dying->pid . ')') });
  $dying->quit;

  $other->ask("BEGIN; $way->{takes}");
  begin_to_wait($way);
  # But for the moment of each try.
  is(join(' ', room(3, 'slots', 5, '1s'), room(3, 'slots', 6, '1s')), 't f', "$name: holds nothing while it waits");
  soon("$name: can be canceled", 'ERROR:  57014', sub { cancel($waiter) });

  my ($answer, $start) = (undef, time);
  $waiter->ask(q{SET steward.limit_wait = '400ms'});
  $answer = $waiter->ask($way->{wants});
  my $took = time - $start;
  is($answer, 'ERROR:  QL008', "$name: is told that others hold the rest when its time is up");
  ok($took >= 0.4 && $took < 3, sprintf '%s: which it was after %.0f ms', $name, $took * 1000);
  $waiter->ask(q{SET steward.limit_wait = '5s'; SET statement_timeout = '150ms'});
  is($waiter->ask($way->{wants}), 'ERROR:  57014', "$name: or that the statement's time is up");
  $waiter->ask('SET steward.limit_wait = 0; RESET statement_timeout');
  $start = time;
  is($waiter->ask($way->{wants}), 'ERROR:  QL008', "$name: or at once");
  cmp_ok(time - $start, '<', 2, "$name: if it does not wish to wait");
  $waiter->ask(q{SET steward.limit_wait = '5s'});
  $other->ask('ROLLBACK');
  is_untouched("$name: nothing has changed");
}
for my $name (sort keys %ways) {
  my $way = $ways{$name};
  next if $name eq 'all or nothing';
  $other->ask("BEGIN; $way->{takes}");
  begin_to_wait($way);
  soon("$name: is told of the limit when who holds it commits", "ERROR:  $way->{limit}", sub { $other->ask('COMMIT') });
  is($other->ask($way->{wants}), "ERROR:  $way->{limit}", "$name: as is everybody then");
}
is(sqlstate_of($node, q{SET steward.limit_wait = '5s'; SELECT steward.consume_all(3, '{slots,calls}', '{5,2}')}), 'QL001', 'all or nothing: too');

# What is about to be given back is nobody's until it is, and nobody waits for it.
$other->ask('BEGIN; DELETE FROM documents WHERE tenant = 3');
my $start = time;
is($waiter->ask('INSERT INTO documents (tenant) VALUES (3)'), 'ERROR:  QL002', 'rows that are being deleted are there still');
cmp_ok(time - $start, '<', 2, 'and are not waited for');
$other->ask('COMMIT');
is($waiter->ask('INSERT INTO documents (tenant) SELECT 3 FROM generate_series(1, 10)'), '', 'once they are gone there is room for as many');
is($waiter->ask('INSERT INTO documents (tenant) VALUES (3)'), 'ERROR:  QL002', 'and for no more');
$_->quit for $other, $waiter;

# ---- prepared transactions

$untouched = everything();
for my $case ([ 'a call', q{SELECT FROM (SELECT steward.consume(2, 'slots')) c} ], [ 'a release', q{SELECT FROM (SELECT steward.release(2, 'slots')) r} ],
  [ 'a row', 'INSERT INTO documents (tenant) VALUES (2)' ], [ 'a row that goes', 'DELETE FROM documents WHERE tenant = 2' ],
  [ 'rows', 'INSERT INTO documents (tenant) SELECT 6 FROM generate_series(1, 100)' ],
  [ 'a call under a savepoint', q{SAVEPOINT a; SELECT FROM (SELECT steward.consume(2, 'slots')) c; RELEASE a} ]) {
  my ($name, $sql) = @$case;
  is(sqlstate_of($node, "BEGIN; $sql; PREPARE TRANSACTION 'p'"), '0A000', "$name: cannot be prepared");
  is($node->safe_psql('postgres', 'SELECT count(*) FROM pg_prepared_xacts'), '0', "$name: and is not");
  is_untouched("$name: nothing has changed");
}
is(sqlstate_of($node, q{BEGIN; INSERT INTO parents VALUES (5); SELECT steward.check_limit(2, 'slots'); SAVEPOINT a;
  SELECT steward.consume(2, 'slots'), steward.release(2, 'calls'); INSERT INTO documents (tenant) VALUES (2); ROLLBACK TO a; PREPARE TRANSACTION 'p'}),
  '', 'what has been rolled back is in no way of preparing');
is_untouched('and holds nothing meanwhile');
$node->safe_psql('postgres', q{COMMIT PREPARED 'p'});
is_untouched('nor has it changed anything');

# ---- an upheaval that does commit

$session = Session->new($node);
$session->ask(q{BEGIN; SELECT steward.consume(2, 'slots'), steward.release(2, 'calls'); SAVEPOINT a; SELECT steward.release(1, 'slots')} . $upheaval);
is($session->ask('COMMIT'), '', 'an upheaval commits');
is($session->ask(q{SELECT string_agg(u.used::text, ' ' ORDER BY t.id, u.meter), sum(held) FROM tenants t, steward.usage(t.id) u WHERE t.id <> 6}),
  '8 1 2 6 1 6 10 0 5 0 0 7 5 0 5|0', 'and all that it has done counts');
is($node->safe_psql('postgres', q{SELECT * FROM steward.verify_limits()}), '', 'rows and records agree');
is(join(' ', room(1, 'slots', 8), room(1, 'slots', 9), room(5, 'slots', 3), room(5, 'slots', 4), room(40, 'slots', 5), room(40, 'slots', 6)), 't f t f t f',
  'and there is room for so much exactly');
$session->quit;

done_testing();

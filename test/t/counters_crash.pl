# Backends and servers that die under load: a count is never less than what was acknowledged, and more than that by no
# more than what was under way.
use strict;
use warnings;
use List::Util qw(max sum0);
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);
use Counting;
use Steward;

my ($clients, $keys) = (8, 20);

# What a killed process has written to its files is there afterwards; fsync adds nothing.
my $node = new_node('main', 'fsync = off', 'restart_after_crash = on', 'wal_writer_delay = 100ms');
create_reports($node, $keys);
$node->safe_psql('postgres', 'CREATE TABLE visits (report bigint, at timestamptz DEFAULT clock_timestamp())');

# Every other hit is of the same row.
sub some_key { return rand() < 0.5 ? 1 : 1 + int(rand($keys)) }

my %blows = (
  'kill -9 of a backend' => sub {
    my $pid = $node->safe_psql('postgres',
      q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1});
    kill 'KILL', $pid or die "could not kill $pid";
  },
  'kill -9 of the postmaster' => sub { kill_and_start($node) },
  'immediate stop' => sub { $node->stop('immediate'); $node->start });

# Counts before, what the clients were told, counts after.
sub under_load {
  my ($blow, $line, %options) = @_;
  my $before = counts_of($node);
  my $load = start_clients($node, $clients, $line, %options);
  wait_for_hits($node, 500);
  $node->safe_psql('postgres', 'CHECKPOINT');
  wait_for_hits($node, 1000);
  $options{meanwhile}->() if $options{meanwhile};
  $blows{$blow}->();
  finish_clients($load);
  $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
  my ($after, $told) = (counts_of($node), acknowledged($load));
  return ({ map { $_ => $after->{$_} - $before->{$_} } keys %$after }, $told, $load);
}

sub sum_of { return sum0(values %{ $_[0] }) }

# How much is missing of what there ought to be, key by key, and how much there is beyond it.
sub lost { my ($there, $wanted) = @_; return sum0(map { max(0, $wanted->{$_} - ($there->{$_} // 0)) } keys %$wanted) }
sub surplus { my ($there, $wanted) = @_; return lost($wanted, $there) }

sub hit { return sprintf q{SELECT %1$d, steward.hit('reports', %1$d);}, some_key() }

for my $blow (sort keys %blows) {
  for my $time ('once', 'again') {
    my ($counted, $told) = under_load($blow, \&hit);
    my $name = "$blow, $time";
    cmp_ok(sum_of($told), '>=', 1000, "$name: there was load");
    is(lost($counted, $told), 0, "$name: no acknowledged hit is lost");
    cmp_ok(surplus($counted, $told), '<=', $clients, "$name: no more is counted than was under way");
    note sprintf '%s: %d acknowledged, %d counted', $name, sum_of($told), sum_of($counted);
  }
}

# A row of another table and a hit in one transaction. What the row's commit record covers is counted. The hit comes last
# in the message, so that its result is complete only after the commit: a dying server still sends all that it has ready.
sub visit {
  return sprintf q{INSERT INTO visits (report) VALUES (%1$d)\; SELECT %1$d, steward.hit('reports', %1$d);}, some_key();
}
sub visits {
  my $rows = $node->safe_psql('postgres', 'SELECT report, count(*) FROM visits GROUP BY report');
  return { map { split /\|/ } split /\n/, $rows };
}

for my $synchronous ('on', 'off') {
  for my $blow (sort keys %blows) {
    my $name = "$blow, synchronous_commit = $synchronous";
    $node->safe_psql('postgres', 'TRUNCATE visits');
    my ($counted, $told) = under_load($blow, \&visit, first => "SET synchronous_commit = $synchronous;");
    my $rows = visits();
    cmp_ok(sum_of($rows), '>=', 500, "$name: there was load");
    is(lost($counted, $rows), 0, "$name: every row that is there is counted");
    cmp_ok(surplus($counted, $rows), '<=', $clients, "$name: little else is");
    is(lost($rows, $told), 0, "$name: no acknowledged row is lost") if $synchronous eq 'on';
    note sprintf '%s: %d acknowledged, %d rows, %d counted', $name, sum_of($told), sum_of($rows), sum_of($counted);
  }
}

# steward.counter_durability = async: a tail is lost at most. A busy machine may keep the WAL writer waiting, hence seconds.
my $tail = 3;
my $blow_at;
sub timed_hit { return sprintf q{SELECT %1$d, steward.hit('reports', %1$d), extract(epoch FROM clock_timestamp());}, some_key() }

for my $blow (sort keys %blows) {
  my $name = "$blow, durability async";
  my ($counted, $told, $load) = under_load($blow, \&timed_hit, first => "SET steward.counter_durability = async;",
    meanwhile => sub { sleep $tail + 1; $blow_at = time });
  my $settled = acknowledged($load, $blow_at - $tail);
  cmp_ok(sum_of($settled), '>=', 500, "$name: there was load");
  is(lost($counted, $settled), 0, "$name: what was acknowledged $tail s before is counted");
  cmp_ok(surplus($counted, $told), '<=', $clients, "$name: no more is counted than was under way");
  note sprintf '%s: %d acknowledged, %d counted', $name, sum_of($told), sum_of($counted);
}
for my $blow ('immediate stop', 'kill -9 of the postmaster') {
  my $hits = q{SET steward.counter_durability = async; } . q{SELECT steward.hit('reports', 2);} x 100;
  my $before = counts_of($node)->{2};
  $node->safe_psql('postgres', $hits);
  sleep 1.5;
  $blows{$blow}->();
  is(counts_of($node)->{2}, $before + 100, "$blow, durability async: nothing is lost after an idle second");
}

# The pages are as the server would have written them, and counting goes on.
is_sound($node, 'tables and indexes are sound');
my $before = counts_of($node);
$node->safe_psql('postgres', q{VACUUM (FREEZE) steward._counts; REINDEX TABLE steward._counts; SELECT steward.hit('reports', id) FROM reports});
is_deeply(counts_of($node), { map { $_ => $before->{$_} + 1 } keys %$before }, 'and counting goes on');
$node->safe_psql('postgres', 'CALL steward.fold_counters()');
is($node->safe_psql('postgres', q{SELECT count(*) FROM reports WHERE view_count = steward.count_of('reports', id)}), $keys,
  'the table says what was counted');
$node->stop;
command_ok([ 'pg_checksums', '--check', '-D', $node->data_dir ], 'all checksums are right');

done_testing();

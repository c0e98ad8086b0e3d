# Counters under load: a table that is counted, and clients of which it is known what they were told.
package Counting;

use strict;
use warnings;
use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

our @EXPORT = qw(create_reports start_clients finish_clients acknowledged counts_of wait_for_hits wait_until is_sound);

# A table with a counter and so many rows.
sub create_reports {
  my ($node, $rows, %options) = @_;
  $node->safe_psql($options{database} // 'postgres', qq{
    CREATE EXTENSION steward;
    CREATE TABLE reports (id bigint PRIMARY KEY, title text, view_count bigint NOT NULL DEFAULT 0);
    INSERT INTO reports (id) SELECT generate_series(1, $rows);
    SELECT steward.create_counter('reports', 'view_count')});
}

# Starts so many sessions of psql that run what $line gives them, line by line, until the server goes or there is no more.
# psql prints a row only when it has been told of the commit.
sub start_clients {
  my ($node, $clients, $line, %options) = @_;
  my $folder = PostgreSQL::Test::Utils::tempdir();
  my @clients;
  for my $client (1 .. $clients) {
    my ($script, $out) = ("$folder/script.$client", "$folder/out.$client");
    append_to_file($script, join("\n", $options{first} // (), (map { $line->() } 1 .. 5_000), ''));
    my $run = IPC::Run::start(
      [ 'psql', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-d', $node->connstr('postgres'), map { ('-f', $script) } 1 .. 40 ],
      '<', '/dev/null', '>', $out, '2>', "$out.err", IPC::Run::timeout(120));
    push @clients, { run => $run, out => $out };
  }
  return \@clients;
}

sub finish_clients {
  my ($clients) = @_;
  $_->{run}->finish for @$clients;
}

# What all of them were told, until a time if there is one: for each key how many hits. Dies when a session was told of
# a count that had not risen since its last hit.
sub acknowledged {
  my ($clients, $until) = @_;
  my %hits;
  for my $client (@$clients) {
    my %last;
    open my $file, '<', $client->{out} or die $!;
    while (my $line = <$file>) {
      my ($key, $count, $at) = $line =~ /^(\d+)\|(\d+)(?:\|([\d.]+))?$/ or next;
      last if defined $until && $at > $until;
      die "hit of $key: $count after $last{$key}" if exists $last{$key} && $count <= $last{$key};
      $last{$key} = $count;
      ++$hits{$key};
    }
  }
  return \%hits;
}

# The counts of all rows, one by one.
sub counts_of {
  my ($node, $database) = @_;
  my $rows = $node->safe_psql($database // 'postgres', q{SELECT id, steward.count_of('reports', id) FROM reports});
  return { map { split /\|/ } split /\n/, $rows };
}

sub wait_for_hits {
  my ($node, $hits) = @_;
  my $sum = 'SELECT COALESCE(sum(value), 0) FROM steward._counts';
  my $before = $node->safe_psql('postgres', $sum);
  wait_until($node, 'hits', "SELECT ($sum) >= $before + $hits");
}

# Until a query says t, but not for ever.
sub wait_until {
  my ($node, $what, $query, $database) = @_;
  for (1 .. 300) {
    return if $node->safe_psql($database // 'postgres', $query) eq 't';
    sleep 0.1;
  }
  die "never: $what";
}

# Heaps and indexes as pg_amcheck sees them.
sub is_sound {
  my ($node, $name) = @_;
SKIP: {
    skip 'amcheck is not installed', 1 if $node->psql('postgres', 'CREATE EXTENSION IF NOT EXISTS amcheck');
    $node->command_ok([ 'pg_amcheck', '--heapallindexed', '--parent-check', '-d', 'postgres' ], $name);
  }
}

1;

# Counters under load: a table that is counted, and what clients of it were told.
package Counting;

use strict;
use warnings;
use Exporter 'import';
use Steward;

our @EXPORT = qw(create_reports acknowledged counts_of wait_for_hits);

# A table with a counter and so many rows.
sub create_reports {
  my ($node, $rows, %options) = @_;
  $node->safe_psql($options{database} // 'postgres', qq{
    CREATE EXTENSION steward;
    CREATE TABLE reports (id bigint PRIMARY KEY, title text, view_count bigint NOT NULL DEFAULT 0);
    INSERT INTO reports (id) SELECT generate_series(1, $rows);
    SELECT steward.create_counter('reports', 'view_count')});
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

1;

# What the Perl tests share: a node on which the extension is found, how a statement fails, dumps, and many clients at once.
package Steward;

use strict;
use warnings;
use Exporter 'import';
use IPC::Run;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);

our @EXPORT = qw(new_node sqlstate_of dump_of restore_into start_clients finish_clients kill_and_start wait_until is_sound);

# A running server, with checksums; further lines of configuration may follow the name.
sub new_node {
  my ($name, @settings) = @_;
  my $node = PostgreSQL::Test::Cluster->new($name);
  $node->init(extra => [ '-k', '-E', 'UTF8', '--locale=C' ], allows_streaming => 1);
  $node->append_conf('postgresql.conf', join("\n", 'max_connections = 300', 'shared_buffers = 64MB', 'log_statement = none', @settings, ''));
  $node->start;
  return $node;
}

# The SQLSTATE with which a statement fails; empty when it does not.
sub sqlstate_of {
  my ($node, $sql, %options) = @_;
  my ($stdout, $stderr);
  $node->psql($options{database} // 'postgres', "\\set VERBOSITY sqlstate\n$sql", stdout => \$stdout, stderr => \$stderr,
    on_error_stop => 1);
  return $stderr =~ /(?:ERROR|FATAL):  (\w{5})/ ? $1 : $stderr;
}

# What pg_dump writes, but for the lines that differ from run to run.
sub dump_of {
  my ($node, $database, @options) = @_;
  my ($stdout, $stderr) = run_command([ 'pg_dump', '-d', $node->connstr($database), @options ]);
  die "pg_dump: $stderr" if $stderr;
  $stdout =~ s/^\\(un)?restrict .*\n//mg;
  return $stdout;
}

sub restore_into {
  my ($node, $database, $dump) = @_;
  my ($stdout, $stderr);
  $node->psql($database, $dump, stdout => \$stdout, stderr => \$stderr, on_error_stop => 1);
  return $stderr;
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

# The server's processes find out by themselves that the first of them is gone, and all must be before it can start.
sub kill_and_start {
  my ($node) = @_;
  my @pids = split /\n/, $node->safe_psql('postgres', 'SELECT pid FROM pg_stat_activity');
  $node->kill9;
  for (1 .. 300) {
    last unless grep { kill 0, $_ } @pids;
    sleep 0.1;
  }
  $node->start;
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

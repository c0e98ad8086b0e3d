# What the Perl tests share: a node on which the extension is found, and how a statement fails.
package Steward;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

our @EXPORT = qw(new_node sqlstate_of dump_of restore_into);

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

1;

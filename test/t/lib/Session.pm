# A session of psql that can be left waiting.
package Session;

use strict;
use warnings;
use IPC::Run;

my $patience = 60;

sub new {
  my ($class, $node, $database) = @_;
  my $self = bless { in => '', out => '', asked => 0 }, $class;
  # Errors where the answers are, through one pipe: of two, an error's may be read after the answer has ended.
  $self->{timeout} = IPC::Run::timeout($patience);
  $self->{run} = IPC::Run::start([ 'psql', '-XAtq', '-v', 'VERBOSITY=sqlstate', '-d', $node->connstr($database // 'postgres') ],
    '<', \$self->{in}, '>', \$self->{out}, '2>&1', $self->{timeout});
  $self->{pid} = $self->ask('SELECT pg_backend_pid()');
  return $self;
}

# The server process.
sub pid { return $_[0]->{pid} }

# Begins a statement; more may follow before the answer is fetched.
sub tell {
  my ($self, $sql) = @_;
  my $mark = 'answered ' . ++$self->{asked};
  $self->{in} .= "$sql\n;\n\\echo '$mark'\n";
  # A pump that waits would wait for the answer; one that does not may only have woken up the pipe.
  for (1 .. 20) { $self->{run}->pump_nb if $self->{run}->pumpable }
}

# What has been answered to all that was asked: rows, and errors as "ERROR:  40001".
sub answer {
  my ($self) = @_;
  my $mark = "answered $self->{asked}\n";
  $self->{timeout}->start($patience);
  $self->{run}->pump until $self->{out} =~ /^\Q$mark\E/m || !$self->{run}->pumpable;
  my $answer = $self->{out} =~ s/^answered \d+\n//mgr;
  $self->{out} = '';
  chomp $answer;
  return $answer;
}

sub ask {
  my ($self, $sql) = @_;
  $self->tell($sql);
  return $self->answer;
}

sub quit {
  my ($self) = @_;
  $self->{in} .= "\\q\n" if $self->{run}->pumpable;
  eval { $self->{run}->finish };
}

1;

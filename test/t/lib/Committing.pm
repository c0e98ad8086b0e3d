# Commits that stop after cells have been written: by the lock of NOTIFY. Who holds it is a commit that waits for a standby; so the
# node has one named in synchronous_standby_names that never comes, and a table parents.
package Committing;

use strict;
use warnings;
use Exporter 'import';
use Session;
use Steward;

our @EXPORT = qw(hold_commits wait_for_commit let_commits_go);

# Takes the lock; gives the session that has it.
sub hold_commits {
  my ($node) = @_;
  my $holder = Session->new($node);
  $holder->ask('SET synchronous_commit = on; BEGIN; INSERT INTO parents VALUES (-1); NOTIFY nothing');
  $holder->tell('COMMIT');
  wait_until($node, 'the holder waits', q{SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')});
  return $holder;
}

# Until the session's commit waits for it.
sub wait_for_commit {
  my ($node, $who) = @_;
  wait_until($node, 'it waits', 'SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND pid = ' . $who->pid . q{ AND locktype = 'object')});
}

# The holder's commit is given up waiting, and all others go on.
sub let_commits_go {
  my ($node, $holder) = @_;
  $node->safe_psql('postgres', 'SELECT pg_cancel_backend(' . $holder->pid . ')');
  $holder->answer;
  $holder->quit;
}

1;

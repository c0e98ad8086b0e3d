# A streaming standby reads codes, is refused to make them, and goes on without a repetition once promoted.
use strict;
use warnings;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $primary = new_node('primary', 'fsync = off');
$primary->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  SELECT steward.create_series('tickets', 6, 1);
  CREATE TABLE links (id int, code text UNIQUE);
  SELECT steward.assign_codes('links', 'code', series => 'tickets');
  INSERT INTO links SELECT generate_series(1, 40)});
$primary->backup('base');
my $standby = PostgreSQL::Test::Cluster->new('standby');
$standby->init_from_backup($primary, 'base', has_streaming => 1);
$standby->start;
$primary->wait_for_catchup($standby);

my $decode = q{SELECT steward.code_of(39, 'tickets'), steward.id_of(steward.code_of(39, 'tickets'), 'tickets'),
  (SELECT count(*) FROM links WHERE steward.try_id_of(code, 'tickets') < 40)};
is($standby->safe_psql('postgres', $decode), $primary->safe_psql('postgres', $decode), 'a standby encodes and decodes');
is($standby->safe_psql('postgres', q{SELECT steward.base62_encode(3844), length(steward.random_code(20))}), '100|20',
  'and has Base62 and random codes');
is($standby->safe_psql('postgres', q{SELECT count(*), min(next_id) BETWEEN 40 AND 49 FROM steward.series}), '1|t', 'and shows the views');

is(sqlstate_of($standby, $_), '25006', "a standby refuses $_") for
  q{SELECT steward.next_code('tickets')}, q{SELECT steward.create_series('more')}, q{SELECT steward.create_series('tickets')},
  q{SELECT steward.drop_series('tickets')}, q{INSERT INTO links VALUES (99)}, q{SELECT steward.assign_codes('links', 'code')},
  q{SELECT steward.unassign_codes('links', 'code')}, q{SELECT steward.grant_access('pg_monitor', 'app')};

# One session of the standby, over a change on the primary.
SKIP: {
  skip 'needs background_psql', 2 unless $standby->can('background_psql');
  my $session = eval { $standby->background_psql('postgres') };
  skip 'needs BackgroundPsql', 2 unless $session && ref $session && $session->can('query');
  my $known = q{SELECT steward.try_id_of('AAAAA', 'later') IS NOT NULL};
  is($session->query($known), 'f', 'a series that is not there yet');
  $primary->safe_psql('postgres', q{SELECT steward.create_series('later', 5)});
  $primary->wait_for_catchup($standby);
  is($session->query($known), 't', 'is noticed by a session of the standby');
  $session->quit;
}

# The last codes that the primary gives out reach the standby with their rows.
$primary->safe_psql('postgres', 'INSERT INTO links SELECT generate_series(41, 45)');
$primary->wait_for_catchup($standby);
$primary->stop('immediate');
$standby->promote;
is(sqlstate_of($standby, 'INSERT INTO links SELECT generate_series(46, 60)'), '', 'after promotion rows get codes');
is($standby->safe_psql('postgres', q{SELECT count(*), count(DISTINCT code),
    (SELECT steward.id_of(steward.next_code('tickets'), 'tickets')) > max(steward.id_of(code, 'tickets')) FROM links}),
  '60|60|t', 'none of them twice, and the series goes on');

done_testing();

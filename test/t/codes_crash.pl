# Backends and servers that die under load: no code twice, no series that repeats itself, a sound index.
use strict;
use warnings;
use IPC::Run;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

# fsync stays on: what is committed must be there after the crash.
my $node = new_node('main', 'max_prepared_transactions = 10', 'restart_after_crash = on', 'fsync = on', 'wal_sync_method = fdatasync');
$node->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  SELECT steward.create_series('tickets', 6);
  CREATE TABLE links (id bigint GENERATED ALWAYS AS IDENTITY, code text NOT NULL UNIQUE, ticket text NOT NULL UNIQUE);
  SELECT steward.assign_codes('links', 'code', 3, max_length => 5), steward.assign_codes('links', 'ticket', series => 'tickets')});
my $script = PostgreSQL::Test::Utils::tempdir() . '/insert.sql';
append_to_file($script, "BEGIN;\nINSERT INTO links SELECT FROM generate_series(1, 3);\nINSERT INTO links DEFAULT VALUES;\nCOMMIT;\n");

sub under_load {
  my ($name, $blow) = @_;
  my $before = $node->safe_psql('postgres', 'SELECT count(*) FROM links');
  my ($in, $out) = ('', '');
  my $load = IPC::Run::start([ 'pgbench', '-n', '-c', 8, '-j', 2, '-T', 60, '-f', $script, $node->connstr('postgres') ],
    '<', \$in, '>', \$out, '2>', \$out);
  $node->poll_query_until('postgres', "SELECT count(*) > $before + 400 FROM links") or die 'no load';
  $blow->();
  $load->finish;
  $node->poll_query_until('postgres', 'SELECT true') or die 'the server did not come back';
  cmp_ok(rows(), '>', $before, "$name: rows were written");
  is($node->safe_psql('postgres', 'SELECT count(*) - count(DISTINCT code), count(*) - count(DISTINCT ticket) FROM links'), '0|0',
    "$name: no code twice");
  is($node->safe_psql('postgres', q{
      SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off;
      SELECT max(steward.id_of(ticket, 'tickets')) < (SELECT steward.id_of(steward.next_code('tickets'), 'tickets')) FROM links}),
    't', "$name: the series goes on behind every code that is stored");
  is(sqlstate_of($node, 'INSERT INTO links SELECT FROM generate_series(1, 500)'), '', "$name: and rows go on");
  is($node->safe_psql('postgres', q{SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND classid = 'links_code_key'::regclass}),
    '0', "$name: no stripe is left locked");
}
sub rows { return $node->safe_psql('postgres', 'SELECT count(*) FROM links') }

under_load('kill -9 of a backend', sub {
  my $pid = $node->safe_psql('postgres', q{SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() LIMIT 1});
  kill 'KILL', $pid or die "could not kill $pid";
});
under_load('immediate stop', sub { $node->stop('immediate'); $node->start });

SKIP: {
  skip 'amcheck is not installed', 1 if sqlstate_of($node, 'CREATE EXTENSION amcheck');
  is($node->safe_psql('postgres', q{
      SELECT count(bt_index_parent_check(indexrelid, true)) FROM pg_index WHERE indrelid IN ('links'::regclass, 'steward._series'::regclass)}),
    '3', 'the indexes are sound');
}

# A prepared transaction keeps the stripe of its last row, over a crash too; others draw around it.
$node->safe_psql('postgres', q{
  CREATE TABLE tiny (code text UNIQUE);
  SELECT steward.assign_codes('tiny', 'code', length => 1, max_length => 1);
  BEGIN; INSERT INTO tiny SELECT FROM generate_series(1, 20); PREPARE TRANSACTION 'held'});
my $stripes = q{SELECT count(*) FROM pg_locks WHERE locktype = 'object' AND classid = 'tiny_code_key'::regclass};
is($node->safe_psql('postgres', $stripes), '1', 'a prepared transaction holds its stripe');
$node->stop('immediate');
$node->start;
is($node->safe_psql('postgres', $stripes), '1', 'and holds it after a crash');
is(sqlstate_of($node, 'INSERT INTO tiny SELECT FROM generate_series(1, 20)'), '', 'others draw around it');
$node->safe_psql('postgres', q{COMMIT PREPARED 'held'});
is($node->safe_psql('postgres', "SELECT (SELECT count(*) FROM tiny), (SELECT count(DISTINCT code) FROM tiny), ($stripes)"), '40|40|0',
  'its codes are its own, and the stripe is free');

done_testing();

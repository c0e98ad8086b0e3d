# Many sessions at once: no code twice, no error, and a space that fills up grows.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('main', 'fsync = off', 'max_locks_per_transaction = 256');
$node->safe_psql('postgres', 'CREATE EXTENSION steward');

my $script = PostgreSQL::Test::Utils::tempdir() . '/insert.sql';
append_to_file($script, "INSERT INTO links DEFAULT VALUES;\n");

# 64 sessions insert so many rows each.
sub insert_at_once {
  my ($rows) = @_;
  my ($stdout, $stderr) = run_command(
    [ 'pgbench', '-n', '-c', 64, '-j', 2, '-t', $rows, '-f', $script, $node->connstr('postgres') ]);
  like($stdout, qr{actually processed: (\d+)/\1\b}, 'every INSERT got a code') or diag($stderr);
  unlike($stderr, qr/ERROR/, 'without an error');
}

sub fresh_table {
  my ($assignment, $taken) = @_;
  $node->safe_psql('postgres', qq{
    DROP TABLE IF EXISTS links;
    CREATE TABLE links (id bigint GENERATED ALWAYS AS IDENTITY, code text NOT NULL UNIQUE);
    INSERT INTO links (code) SELECT lpad(steward.base62_encode(n), 2, '0') FROM generate_series(0, $taken - 1) n;
    SELECT steward.assign_codes('links', 'code', $assignment)});
}

fresh_table('length => 2, max_length => 4', 3500);
insert_at_once(50);
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT code), max(length(code)) > 2 FROM links'),
  '6700|6700|t', 'no code twice, and codes have grown longer');

# The last length: nothing to grow to. 344 codes are left for 320 rows.
fresh_table('length => 2, max_length => 2', 3300);
insert_at_once(5);
is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT code), max(length(code)) FROM links'),
  '3620|3620|2', 'no code twice at the last length');

# Codes of so many backends that each starts with an empty pool of randomness.
sub distinct_at_start {
  my ($how) = @_;
  my $file = PostgreSQL::Test::Utils::tempdir() . '/random.sql';
  append_to_file($file, "INSERT INTO drawn SELECT steward.random_code(12), pg_backend_pid() FROM generate_series(1, 20);\n");
  $node->safe_psql('postgres', 'DROP TABLE IF EXISTS drawn; CREATE TABLE drawn (code text, pid int)');
  my ($stdout, $stderr) =
    run_command([ 'pgbench', '-n', '-c', 200, '-j', 2, '-t', 1, '-f', $file, $node->connstr('postgres') ]);
  is($node->safe_psql('postgres', 'SELECT count(*), count(DISTINCT code), count(DISTINCT pid) FROM drawn'),
    '4000|4000|200', "codes of 200 backends are distinct, $how") or diag($stderr);
}

distinct_at_start('loaded by each');
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'steward'");
$node->restart;
distinct_at_start('preloaded and inherited by fork');

done_testing();

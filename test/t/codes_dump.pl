# What a dump carries: series with their keys, words of one's own, triggers, grants; and nothing is left behind.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('source', 'fsync = off');
my $key = '2b7e151628aed2a6abf7158809cf4f3c';
$node->safe_psql('postgres', q{CREATE ROLE owner LOGIN; CREATE ROLE app LOGIN; CREATE ROLE monitor LOGIN; CREATE DATABASE origin});
$node->safe_psql('origin', qq{
  CREATE EXTENSION steward;
  SELECT steward.create_series('tickets', 6, 1, '\\x$key'), steward.create_series('It''s "odd" — ∑', 5);
  SELECT steward.next_code('tickets') FROM generate_series(1, 100);
  SELECT steward.next_code('It''s "odd" — ∑');
  SELECT steward.grant_access('app', 'app'), steward.grant_access('owner', 'app'), steward.grant_access('monitor', 'monitor');
  INSERT INTO steward.blocked_words (word) VALUES ('zebra');
  INSERT INTO steward.blocked_words (word, blocked) VALUES ('hell', false);
  INSERT INTO steward.reserved_codes (word, reserved) VALUES ('lounge', true), ('admin', false);
  GRANT CREATE ON SCHEMA public TO owner;
  SET ROLE owner;
  CREATE TABLE links (id int PRIMARY KEY, code text UNIQUE, ticket text UNIQUE);
  SELECT steward.assign_codes('links', 'code', 4, max_length => 6, prefix => 'L-'), steward.assign_codes('links', 'ticket', series => 'tickets');
  INSERT INTO links SELECT generate_series(1, 50);
  GRANT SELECT, INSERT ON links TO app});

# The answers that must survive.
my $facts = q{
  SELECT 'series', series, length, check_chars, next_id FROM steward.series
  UNION ALL SELECT 'code of', steward.code_of(7, 'tickets'), NULL, NULL, steward.id_of(steward.code_of(7, 'tickets'), 'tickets')
  UNION ALL SELECT 'odd', steward.code_of(7, 'It''s "odd" — ∑'), NULL, NULL, NULL
  UNION ALL SELECT 'blocked', word, blocked::int, NULL, NULL FROM steward.blocked_words WHERE NOT builtin
  UNION ALL SELECT 'reserved', word, reserved::int, NULL, NULL FROM steward.reserved_codes WHERE NOT builtin
  UNION ALL SELECT 'built in', NULL, NULL, NULL, count(*) FROM steward.blocked_words WHERE builtin
  UNION ALL SELECT 'access', role::text || level, complete::int, NULL, NULL FROM steward.access_grants
  UNION ALL SELECT 'assigned', concat_ws(' ', rel, col, series, prefix), length, max_length, NULL FROM steward.code_capacity
  UNION ALL SELECT 'rows', min(ticket), NULL, NULL, count(*) FROM links ORDER BY 1, 2};
my $before = $node->safe_psql('origin', $facts);
my ($next) = $before =~ /^series\|tickets\|6\|1\|(\d+)$/m;
cmp_ok($next, '>=', 150, 'the facts are there to begin with');

my $dump = dump_of($node, 'origin');

my $other = new_node('target', 'fsync = off', 'log_min_messages = debug1');
$other->safe_psql('postgres', 'CREATE ROLE owner LOGIN; CREATE ROLE app LOGIN; CREATE ROLE monitor LOGIN');

for my $target ([ $node, 'same cluster' ], [ $other, 'new cluster' ]) {
  my ($server, $where) = @$target;
  $server->safe_psql('postgres', 'CREATE DATABASE copy');
  is(restore_into($server, 'copy', $dump), '', "$where: restores without a word");
  is($server->safe_psql('copy', $facts), $before, "$where: everything is as it was");
  is(dump_of($server, 'copy'), $dump, "$where: its dump is the same");

  # An id whose code holds a blocked word is skipped.
  like($server->safe_psql('copy', qq{SELECT steward.id_of(steward.next_code('tickets'), 'tickets') BETWEEN $next AND $next + 5}), qr/^t$/,
    "$where: the series goes on where it stopped");
  is($server->safe_psql('copy', q{SET ROLE owner; INSERT INTO links VALUES (100) RETURNING code ~ '^L-[0-9A-Za-z]{4}$', length(ticket)}),
    't|7', "$where: an owner who is no superuser gets codes");
  is($server->safe_psql('copy', q{SET ROLE app; INSERT INTO links VALUES (101) RETURNING code ~ '^L-', length(ticket)}),
    't|7', "$where: so does a role that may insert");
  is(sqlstate_of($server, q{SET ROLE app; SELECT * FROM steward._series}, database => 'copy'), '42501', "$where: keys are nobody's");
  is(sqlstate_of($server, q{SET ROLE owner; INSERT INTO links (id, code) VALUES (200, 'L-zebra')}, database => 'copy'), 'QC004',
    "$where: the words of one's own count");
  is(sqlstate_of($server, q{SET ROLE owner; INSERT INTO links (id, code) VALUES (201, 'L-admin')}, database => 'copy'), '',
    "$where: and lifted words stay lifted");
}

# Before any series is used in the copy.
$node->safe_psql('postgres', 'CREATE DATABASE unused');
restore_into($node, 'unused', $dump);
$node->safe_psql('unused', 'DROP TABLE links');
is(sqlstate_of($node, 'DROP EXTENSION steward', database => 'unused'), '', 'DROP EXTENSION works right after a restore');
is($node->safe_psql('unused', q{SELECT count(*) FROM pg_class WHERE relname LIKE '\_next%' OR relnamespace::regnamespace::text = 'steward'}),
  '0', 'and leaves nothing');
is($node->safe_psql('unused', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'steward'}), '0', 'no schema either');

# An archive restored in parallel, and by pieces.
my $archive = PostgreSQL::Test::Utils::tempdir() . '/archive';
command_ok([ 'pg_dump', '-Fd', '-j', 2, '-f', $archive, '-d', $node->connstr('origin') ], 'a dump of files');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j', 2, '-d', $node->connstr('parallel'), $archive ], 'restored in parallel');
is($node->safe_psql('parallel', $facts), $before, 'everything is as it was');
$node->safe_psql('parallel', 'DROP TABLE links; DROP EXTENSION steward');
is($node->safe_psql('parallel', q{SELECT count(*) FROM pg_class WHERE relname LIKE '\_next%'}), '0', 'and goes with the extension');

# Keys are in the dump and in the table, and nowhere else.
like($dump, qr/\\\\x$key/, 'the dump holds the key');
for my $sql (q{SELECT steward.create_series('tickets', 6, 1, '\x000102030405060708090a0b0c0d0e0f')}, q{SELECT steward.next_code('no')},
  q{SELECT steward.id_of('AAAAAAA', 'tickets')}, q{SELECT steward.create_series('tickets', 9)}, q{SELECT steward.code_of(-1, 'tickets')}) {
  my ($stdout, $stderr);
  $other->psql('copy', "\\set VERBOSITY verbose\n$sql", stdout => \$stdout, stderr => \$stderr);
  like($stderr, qr/ERROR/, "refused: $sql");
  unlike($stdout . $stderr, qr/$key/i, 'the error tells no key');
}
my $views = $other->safe_psql('copy', q{SELECT string_agg(format('SELECT v::text FROM %s v', c.oid::regclass), ' UNION ALL ')
  FROM pg_class c WHERE relnamespace = 'steward'::regnamespace AND relkind = 'v'});
unlike($other->safe_psql('copy', $views), qr/$key/i, 'no view shows a key');
unlike(slurp_file($other->logfile), qr/$key/i, 'no line of the log at debug1 holds a key');

done_testing();

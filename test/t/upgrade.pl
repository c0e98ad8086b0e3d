# An upgraded database equals one that was installed anew, and keeps its data.
#
# Every base script in upgrade/ is installed and taken to the current version by the steps beside it. As long as there
# is none, and also later, the way itself is tested: from the current version to a throw-away next one.
use strict;
use warnings;
use File::Basename;
use File::Copy;
use File::Find;
use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::RecursiveCopy;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $tree = $ENV{STEWARD_TREE};
my $catalog = slurp_file("$tree/test/upgrade/catalog.sql");
my $rows = slurp_file("$tree/test/upgrade/built_in_rows.sql");
my $addition = slurp_file("$tree/test/upgrade/addition.sql");

# A folder of extensions of our own, to which versions can be added.
my $scratch = PostgreSQL::Test::Utils::tempdir() . '/installed';
PostgreSQL::Test::RecursiveCopy::copypath($ENV{STEWARD_STAGED}, $scratch);
my $folder;
find(sub { $folder = $File::Find::dir if $_ eq 'steward.control' }, $scratch);
my $settings = slurp_file($ENV{TEMP_CONFIG}) =~ s/\Q$ENV{STEWARD_STAGED}\E/$scratch/gr;
my ($current) = slurp_file("$folder/steward.control") =~ /^default_version = '(.*)'/m;

my $node = new_node('main', 'fsync = off', $settings);

sub write_file { my ($name, $text) = @_; open my $file, '>', "$folder/$name" or die $!; print $file $text; close $file }

sub fresh_database {
  my ($database, @statements) = @_;
  $node->safe_psql('postgres', "CREATE DATABASE $database");
  $node->safe_psql($database, join(";\n", @statements));
  return $database;
}

sub facts_of {
  my ($database) = @_;
  return $node->safe_psql($database, $catalog) . "\n" . $node->safe_psql($database, $rows);
}

# Each side's lines that the other lacks; nothing for equal ones.
sub difference {
  my ($left, $right) = map { facts_of($_) } @_;
  return '' if $left eq $right;
  my %left = map { $_ => 1 } split /\n/, $left;
  my %right = map { $_ => 1 } split /\n/, $right;
  return join("\n", 'different', (map {"< $_"} grep { !$right{$_} } sort keys %left), map {"> $_"} grep { !$left{$_} } sort keys %right);
}

# ---- from every released version to the current one

my @bases = map { /^steward--([^-]+)\.sql$/ ? $1 : () } map { basename($_) } glob("'$tree/upgrade/steward--*.sql'");
copy($_, $folder) for glob("'$tree/upgrade/steward--*.sql'");
fresh_database('current', 'CREATE EXTENSION steward');
for my $base (grep { $_ ne $current } @bases) {
  (my $database = "from_$base") =~ s/\W/_/g;
  fresh_database($database, "CREATE EXTENSION steward VERSION '$base'", "ALTER EXTENSION steward UPDATE");
  is(difference($database, 'current'), '', "$base upgraded to $current equals a fresh $current");
}

# ---- from the current version to a throw-away next one

my $data = q{
  CREATE TABLE links (id int, code text UNIQUE);
  SELECT steward.create_series('tickets', 6, 1, '\x2b7e151628aed2a6abf7158809cf4f3c');
  SELECT steward.assign_codes('links', 'code', series => 'tickets');
  INSERT INTO links SELECT generate_series(1, 20);
  INSERT INTO steward.blocked_words (word) VALUES ('zebra');
  INSERT INTO steward.reserved_codes (word, reserved) VALUES ('admin', false)};
fresh_database('upgraded', 'CREATE EXTENSION steward', $data);
my $kept = q{SELECT count(*), min(steward.id_of(code, 'tickets')), max(steward.id_of(code, 'tickets')),
  (SELECT next_id FROM steward.series), (SELECT string_agg(word, ',') FROM steward.blocked_words WHERE NOT builtin),
  (SELECT string_agg(word, ',') FROM steward.reserved_codes WHERE NOT builtin), (SELECT md5(string_agg(code, ',')) FROM links) FROM links};
my $before = $node->safe_psql('upgraded', $kept);
like($before, qr/^20\|0\|\d+\|(\d+)\|zebra\|admin\|/, 'the data is there to begin with');

my $guard = qq{\\echo Use "ALTER EXTENSION steward UPDATE" to load this file. \\quit\nSET LOCAL search_path TO pg_catalog, pg_temp;\n};
my $next = 'next';
write_file("steward--$next.sql", slurp_file("$folder/steward--$current.sql") . $addition);
write_file("steward--$current--$next.sql", $guard . $addition);
write_file('steward.control', slurp_file("$folder/steward.control") =~ s/^default_version = .*/default_version = '$next'/mr);

fresh_database('fresh', 'CREATE EXTENSION steward');
isnt(difference('upgraded', 'fresh'), '', 'before the upgrade the two differ');
$node->safe_psql('upgraded', 'ALTER EXTENSION steward UPDATE');
is($node->safe_psql('upgraded', q{SELECT extversion FROM pg_extension WHERE extname = 'steward'}), $next, 'the version is the next one');
is(difference('upgraded', 'fresh'), '', 'upgraded equals fresh');
is($node->safe_psql('upgraded', $kept), $before, 'its data is as it was');
is($node->safe_psql('upgraded', q{INSERT INTO links VALUES (99) RETURNING steward.id_of(code, 'tickets') >= 20}), 't', 'and the series goes on');
is(sqlstate_of($node, q{INSERT INTO links VALUES (100, 'zebra12')}, database => 'upgraded'), 'QC004', 'and the words count');

# ---- the comparison sees what an upgrade step can forget

my @forgotten = (
  [ 'a comment', q{COMMENT ON TABLE steward.pebbles IS 'other'} ],
  [ 'a comment on a column', q{COMMENT ON COLUMN steward.blocked_words.word IS NULL} ],
  [ 'a right', q{GRANT EXECUTE ON FUNCTION steward.count_pebbles() TO PUBLIC} ],
  [ 'a right on a table', q{GRANT SELECT ON steward._series TO PUBLIC} ],
  [ 'volatility', q{ALTER FUNCTION steward.base62_encode(bigint) VOLATILE} ],
  [ 'strictness', q{ALTER FUNCTION steward.base62_encode(bigint) CALLED ON NULL INPUT} ],
  [ 'parallel safety', q{ALTER FUNCTION steward.random_code(int) PARALLEL UNSAFE} ],
  [ 'a body', q{CREATE OR REPLACE FUNCTION steward.count_pebbles() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT 0::bigint'} ],
  [ 'a view', q{CREATE OR REPLACE VIEW steward.pebble_names AS SELECT name || '' AS name FROM steward.pebbles} ],
  [ 'a default', q{ALTER TABLE steward.pebbles ALTER name DROP DEFAULT} ],
  [ 'NOT NULL', q{ALTER TABLE steward._series ALTER key DROP NOT NULL} ],
  [ 'a constraint', q{ALTER TABLE steward._access DROP CONSTRAINT _access_level_check} ],
  [ 'a trigger', q{DROP TRIGGER announce_change ON steward.blocked_words} ],
  [ 'a disabled trigger', q{ALTER TABLE steward.reserved_codes DISABLE TRIGGER announce_change} ],
  [ 'an index', q{CREATE INDEX ON steward.pebbles (name)} ],
  [ 'a member', q{ALTER EXTENSION steward DROP VIEW steward.pebble_names} ],
  [ 'another column', q{ALTER TABLE steward.pebbles ADD weight int} ],
  [ 'what a dump takes', q{UPDATE pg_extension SET extconfig = NULL, extcondition = NULL WHERE extname = 'steward'} ],
  [ 'a built-in word', q{DELETE FROM steward.blocked_words WHERE word = 'arse'} ],
  [ 'what a level grants', q{DELETE FROM steward._access WHERE object = 'FUNCTION steward.count_pebbles()'} ]);
for my $case (@forgotten) {
  my ($what, $change) = @$case;
  my $undo = "BEGIN; $change; ";
  my $changed = $node->safe_psql('upgraded', "$undo \n $catalog") . "\n" . $node->safe_psql('upgraded', "$undo \n $rows");
  isnt($changed, facts_of('fresh'), "the comparison sees $what");
}
is(difference('upgraded', 'fresh'), '', 'and they are equal again');

$node->safe_psql('upgraded', 'DROP TABLE links; DROP EXTENSION steward');
is($node->safe_psql('upgraded', q{SELECT count(*) FROM pg_namespace WHERE nspname = 'steward'}), '0', 'DROP EXTENSION leaves nothing');

done_testing();

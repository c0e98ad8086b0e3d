# With the library preloaded and without: everything works, by a role that is no superuser too; settings are checked.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('main', 'fsync = off');
$node->safe_psql('postgres', q{
  CREATE EXTENSION steward;
  CREATE ROLE nobody;
  GRANT CREATE ON SCHEMA public TO nobody});

# What PUBLIC may, in one session of a role that has nothing else.
my $public = q{
  SET ROLE nobody;
  CREATE TABLE %1$s (id int, code text UNIQUE);
  SELECT steward.assign_codes('%1$s', 'code');
  INSERT INTO %1$s VALUES (1) RETURNING length(code);
  SELECT steward.unassign_codes('%1$s', 'code');
  SELECT steward.base62_encode(3844), steward.base62_decode('100'), length(steward.base62_encode_uuid(gen_random_uuid())), length(steward.random_code(12));};
my $answer = "\n8\n\n100|3844|22|12";

sub sessions {
  my ($how, $table) = @_;
  is($node->safe_psql('postgres', sprintf($public, $table)), $answer, "$how: a role without rights can use what PUBLIC may");
  is(sqlstate_of($node, "SET ROLE nobody; SELECT $_"), '42501', "$how: and nothing else: $_")
    for q{steward.next_code('x')}, q{steward.create_series('x')}, q{steward.grant_access('nobody', 'app')}, q{steward._next_id('x')};
  is(sqlstate_of($node, q{SELECT steward.base62_encode(1); SET steward.nonsense = 1}), '42602', "$how: an unknown setting is refused once loaded");
  is($node->safe_psql('postgres', q{SELECT steward.create_series('} . $table . q{'); SELECT steward.id_of(steward.next_code('} . $table . q{'), '} . $table . q{') < 5}),
    "\nt", "$how: series work");
}

is($node->safe_psql('postgres', 'SHOW shared_preload_libraries'), '', 'nothing is preloaded');
sessions('not preloaded', 'plain');

$node->append_conf('postgresql.conf', "shared_preload_libraries = 'steward'");
$node->restart;
sessions('preloaded', 'preloaded');
is(sqlstate_of($node, 'SET steward.nonsense = 1'), '42602', 'preloaded: an unknown setting is refused from the start');

# One that stands in the configuration already must not keep the server or a session from starting.
$node->append_conf('postgresql.conf', "shared_preload_libraries = ''\nsession_preload_libraries = 'steward'\nsteward.nonsense = 1");
$node->restart;
is($node->safe_psql('postgres', q{SELECT steward.base62_encode(62), current_setting('steward.nonsense', true)}), '10|',
  'an unknown setting of the configuration is dropped when the library is loaded');

# A database without the extension, on a server that preloads it.
$node->append_conf('postgresql.conf', "shared_preload_libraries = 'steward'");
$node->restart;
$node->safe_psql('postgres', 'CREATE DATABASE without');
is($node->safe_psql('without', 'SELECT 1'), '1', 'a database without the extension is left alone');
is($node->safe_psql('without', 'CREATE EXTENSION steward; SELECT steward.base62_encode(62)'), '10', 'and can have it later');

done_testing();

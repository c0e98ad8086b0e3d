# Objects that somebody has made beforehand, under the names that steward's SQL uses: they are never called, whatever
# search_path says, and change no result.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('main', 'fsync = off');
$node->safe_psql('postgres', q{CREATE ROLE mallory; CREATE ROLE admin; CREATE ROLE monitor; CREATE ROLE app});

# Mallory may create in public, as was the default before PostgreSQL 15, and leaves a trap under every name that she
# can think of. A trap that is sprung leaves a row.
my $traps = q{
  GRANT CREATE ON SCHEMA public TO mallory;
  CREATE TABLE public.sprung (who text);
  GRANT INSERT ON public.sprung TO PUBLIC;
  SET ROLE mallory;
  CREATE FUNCTION public.spring(what text) RETURNS void LANGUAGE plpgsql VOLATILE AS
    'BEGIN INSERT INTO public.sprung VALUES (what || '' as '' || current_user); END';
  CREATE FUNCTION public.count(int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''count''); RETURN 666; END';
  CREATE FUNCTION public.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''now''); RETURN NULL; END';
  CREATE FUNCTION public.length(text) RETURNS int LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''length''); RETURN 666; END';
  CREATE FUNCTION public.substring(text, text) RETURNS text LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''substring''); RETURN NULL; END';
  CREATE FUNCTION public.power(numeric, int) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''power''); RETURN 666; END';
  CREATE FUNCTION public.round(numeric, int) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''round''); RETURN 666; END';
  CREATE FUNCTION public.to_regclass(text) RETURNS regclass LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''to_regclass''); RETURN NULL; END';
  CREATE FUNCTION public.aclexplode(aclitem[], OUT grantor oid, OUT grantee oid, OUT privilege_type text, OUT is_grantable boolean) RETURNS SETOF record
    LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''aclexplode''); END';
  CREATE FUNCTION public.pg_extension_config_dump(regclass, text) RETURNS void LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''config_dump''); END';
  CREATE FUNCTION public.same(text, text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''text =''); RETURN true; END';
  CREATE FUNCTION public.same(bytea, bytea) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''bytea =''); RETURN true; END';
  CREATE FUNCTION public.same(bigint, int) RETURNS bigint LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''+''); RETURN 666; END';
  CREATE FUNCTION public.same(oid, oid) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN PERFORM public.spring(''oid =''); RETURN true; END';
  CREATE OPERATOR public.= (FUNCTION = public.same, LEFTARG = text, RIGHTARG = text);
  CREATE OPERATOR public.= (FUNCTION = public.same, LEFTARG = bytea, RIGHTARG = bytea);
  CREATE OPERATOR public.= (FUNCTION = public.same, LEFTARG = oid, RIGHTARG = oid);
  CREATE OPERATOR public.~ (FUNCTION = public.same, LEFTARG = text, RIGHTARG = text);
  CREATE OPERATOR public.+ (FUNCTION = public.same, LEFTARG = bigint, RIGHTARG = int);
  CREATE DOMAIN public.text AS pg_catalog.text;
  CREATE DOMAIN public.bytea AS pg_catalog.bytea;
  CREATE DOMAIN public.name AS pg_catalog.name;
  CREATE DOMAIN public.regprocedure AS pg_catalog.text;
  CREATE TABLE public._series (series pg_catalog.text PRIMARY KEY, length int, check_chars int, key pg_catalog.bytea, created_at timestamptz);
  CREATE TABLE public._access (level pg_catalog.text, privilege pg_catalog.text, object pg_catalog.text);
  INSERT INTO public._access VALUES ('monitor', 'EXECUTE', 'FUNCTION steward.create_series(text, int, int, bytea)');
  CREATE TABLE public.blocked_words (word pg_catalog.text, blocked boolean, builtin boolean, anywhere boolean);
  CREATE TABLE public.pg_trigger (tgrelid oid); CREATE TABLE public.pg_class (oid oid); CREATE TABLE public.pg_proc (oid oid);
  GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC;
  RESET ROLE};
my $hostile = 'SET search_path = public, pg_catalog, pg_temp';
$node->safe_psql('postgres', $traps);
is($node->safe_psql('postgres', "$hostile; SELECT length('four'::pg_catalog.text)"), '666', 'the traps spring where they are called');
is($node->safe_psql('postgres', 'SELECT pg_catalog.count(*) FROM public.sprung'), '1', 'and leave a row');
$node->safe_psql('postgres', 'TRUNCATE public.sprung');

sub untouched {
  my ($what) = @_;
  is($node->safe_psql('postgres', q{SELECT pg_catalog.string_agg(who, ', ') FROM public.sprung}), '', "$what springs no trap");
}

is(sqlstate_of($node, "$hostile; CREATE EXTENSION steward"), '', 'the extension can be installed among the traps');
untouched('installing');
my $members = q{SELECT pg_catalog.count(*) FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e ON d.refobjid = e.oid
  WHERE d.deptype = 'e' AND e.extname = 'steward' AND pg_catalog.pg_describe_object(d.classid, d.objid, 0) ~ 'public'};
is($node->safe_psql('postgres', $members), '0', 'nothing in public has become part of it');

# Every call, once with the usual path and once with the hostile one, must say the same.
my $calls = q{
  SELECT steward.grant_access('admin', 'admin'), steward.grant_access('monitor', 'monitor'), steward.grant_access('app', 'app');
  SET ROLE admin;
  SELECT steward.create_series('s', 6, 1, '\x2b7e151628aed2a6abf7158809cf4f3c');
  SELECT steward.create_series('s', 6, 1, '\x2b7e151628aed2a6abf7158809cf4f3c');
  SET ROLE app;
  SELECT steward.code_of(5, 's'), steward.id_of(steward.code_of(5, 's'), 's');
  CREATE TEMP TABLE links (id int, code pg_catalog.text UNIQUE);
  SELECT steward.assign_codes('links', 'code', series => 's');
  INSERT INTO links VALUES (1) RETURNING code;
  SET ROLE monitor;
  SELECT series, length, next_id, capacity FROM steward.series;
  SELECT rel, col, series, length FROM steward.code_capacity;
  SELECT * FROM steward.access_grants ORDER BY 2;
  SET ROLE app;
  SELECT steward.unassign_codes('links', 'code');
  SET ROLE admin;
  SELECT steward.drop_series('s')};
my $usual = $node->safe_psql('postgres', $calls);
like($usual, qr/^monitor\|monitor\|t$/m, 'the calls work');
is($node->safe_psql('postgres', "$hostile; $calls"), $usual, 'and say the same with a hostile search_path');
untouched('a hostile search_path');

# The caller's temporary schema comes first of all.
my $temporary = q{
  CREATE TEMP TABLE _series AS SELECT 's'::pg_catalog.text AS series, 4 AS length, 0 AS check_chars, '\x00'::pg_catalog.bytea AS key;
  CREATE TEMP TABLE _access AS TABLE public._access;
  CREATE TEMP TABLE pg_trigger (tgrelid oid); CREATE TEMP TABLE pg_attribute (attrelid oid); CREATE TEMP SEQUENCE _next_s START 77;
  CREATE DOMAIN pg_temp.text AS pg_catalog.text; CREATE DOMAIN pg_temp.bytea AS pg_catalog.bytea;
  CREATE DOMAIN pg_temp.regprocedure AS pg_catalog.text; CREATE DOMAIN pg_temp.bool AS pg_catalog.text;};
is($node->safe_psql('postgres', "$temporary $calls"), $usual, 'and among temporary objects');
is($node->safe_psql('postgres', "$temporary SET search_path = pg_temp, public, pg_catalog; $calls"), $usual, 'with the path to match');
untouched('a temporary object');
is($node->safe_psql('postgres', q{SELECT pg_catalog.count(*) FROM public._series}), '0', 'nothing was written to a look-alike');

# An extension's schema, or an object in it, cannot be prepared.
$node->safe_psql('postgres', 'DROP EXTENSION steward; GRANT CREATE ON DATABASE postgres TO mallory');
$node->safe_psql('postgres', q{SET ROLE mallory; CREATE SCHEMA steward;
  CREATE FUNCTION steward.next_code(pg_catalog.text) RETURNS pg_catalog.text LANGUAGE sql AS $$ SELECT 'mine' $$});
is(sqlstate_of($node, 'CREATE EXTENSION steward'), '42P06', 'a schema made beforehand stops the installation');
is(sqlstate_of($node, 'CREATE EXTENSION steward SCHEMA public'), '0A000', 'and no other schema can be chosen');

# Nor can the owner's rights be turned to other use by whoever may create series.
$node->safe_psql('postgres', 'DROP SCHEMA steward CASCADE; CREATE EXTENSION steward; SELECT steward.grant_access(\'admin\', \'admin\')');
is($node->safe_psql('postgres', q{SET ROLE admin; SELECT steward.create_series('x"; DROP TABLE steward._series; --'), steward.drop_series('x"; DROP TABLE steward._series; --')}),
  '|', 'a name is a name');
is($node->safe_psql('postgres', q{SET ROLE admin; SELECT steward.create_series('y'); SELECT current_user}), "\nadmin", 'the caller is himself again');
is(sqlstate_of($node, q{SET ROLE admin; SELECT steward.create_series('y', 9)}), '42710', 'also after an error');
is(sqlstate_of($node, q{SET ROLE admin; SELECT * FROM steward._series}), '42501', 'and reads no key');

done_testing();

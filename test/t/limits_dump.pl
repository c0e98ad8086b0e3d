# What a dump carries of the catalogue of limits: tiers, meters, limits, bound tables, overrides, extras, triggers.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('source', 'fsync = off', "statement_timeout = '60s'");
my $roles = 'CREATE ROLE owner LOGIN; CREATE ROLE admin LOGIN; CREATE ROLE host LOGIN';
$node->safe_psql('postgres', "$roles; CREATE DATABASE origin");
$node->safe_psql('origin', q{
  CREATE EXTENSION steward;
  SELECT steward.grant_access('admin', 'admin');
  GRANT CREATE ON SCHEMA public TO owner;
  SET ROLE owner;
  -- A column that is gone leaves a number: the triggers' columns are known by numbers that a restore changes.
  CREATE TABLE "Kunden ∑" (gone int, "Schlüssel" text PRIMARY KEY, "Tarif" text, bis timestamptz, zone text, ab timestamptz, max_users int);
  ALTER TABLE "Kunden ∑" DROP gone;
  CREATE TABLE parts (id int PRIMARY KEY, tier text) PARTITION BY RANGE (id);
  CREATE TABLE parts_0 PARTITION OF parts FOR VALUES FROM (0) TO (100);
  INSERT INTO "Kunden ∑" VALUES ('a\b', 'pro'), (E'tab\there', 'free'), ('∑', NULL);
  INSERT INTO parts VALUES (1, 'pro'), (2, 'pro');
  SET ROLE admin;
  SELECT steward.define_tier('free', 1), steward.define_tier('größer', 2);
  SET ROLE owner;
  SELECT steward.bind_subjects('"Kunden ∑"', 'Tarif', expires_col => 'bis', fallback => 'größer', zone_col => 'zone', anchor_col => 'ab'),
    steward.bind_subjects('parts', 'tier');
  SET ROLE admin;
  SELECT steward.define_meter('gone', 'parts', 'standing'), steward.drop_meter('gone');
  SELECT steward.define_meter('users', '"Kunden ∑"', 'standing', unit => 'seats', max_col => 'max_users', max_unit => 2), steward.define_meter('runs', 'parts', 'metered', 'anchored');
  SELECT steward.set_limit('free', 'users', 3), steward.set_limit('größer', 'users', NULL), steward.set_limit('free', 'runs', 0);
  SELECT steward.override_limit('a\b', 'users', 9, '2100-01-01 UTC', 'enterprise'), steward.override_limit(1, 'runs', NULL);
  SELECT steward.grant_extra(E'tab\there', 'users', 4), steward.grant_extra(2, 'runs', 5, '2100-01-01 UTC', 'top-up');
  -- A table whose rows count, in partitions of two levels, one of them attached with another order of columns.
  RESET ROLE;
  SELECT steward.grant_access('host', 'admin'); GRANT CREATE ON SCHEMA public TO host;
  SELECT steward.set_limit('free', 'users', 50), steward.set_limit('größer', 'users', 50), steward.override_limit('∑', 'users', 100);
  SET ROLE host;
  CREATE TABLE seats (id int, owner text, size bigint, month int) PARTITION BY LIST (month);
  CREATE TABLE seats_1 PARTITION OF seats FOR VALUES IN (1);
  CREATE TABLE seats_2 (month int, gone int, size bigint, owner text, id int) PARTITION BY RANGE (id);
  ALTER TABLE seats_2 DROP gone;
  CREATE TABLE seats_2a PARTITION OF seats_2 FOR VALUES FROM (0) TO (100);
  ALTER TABLE seats ATTACH PARTITION seats_2 FOR VALUES IN (2);
  ALTER TABLE seats ADD PRIMARY KEY (id, month);
  SELECT steward.limit_rows('seats', 'owner', 'users', 'size', 'size > 1');
  INSERT INTO seats SELECT n, '∑', n, 1 + n % 2 FROM generate_series(1, 10) n});

# What must survive.
my $facts = q{
  SET time zone 'UTC';
  SELECT 'tier', tier, rank::text FROM steward._tiers
  UNION ALL SELECT 'meter', meter, concat_ws(' ', id, subjects, kind, period, unit, max_col, max_unit) FROM steward._meters
  UNION ALL SELECT 'limit', tier || ' ' || meter, max::text FROM steward._limits
  UNION ALL SELECT 'subjects', rel::text, fallback FROM steward._subjects
  UNION ALL SELECT 'override', meter || ' ' || subject, concat_ws(' ', max, until, reason) FROM steward._overrides
  UNION ALL SELECT 'extra', id || ' ' || meter || ' ' || subject, concat_ws(' ', amount, until, reason) FROM steward._extras
  UNION ALL SELECT 'limited', rel::text, meter::text FROM steward._limited_tables
  UNION ALL SELECT 'used', subject, sum(n)::text FROM (SELECT subject, used AS n FROM steward._usage UNION ALL SELECT subject, n FROM steward._ledger) u GROUP BY subject
  UNION ALL SELECT 'event trigger', evtname, concat_ws(' ', evtevent, evtenabled) FROM pg_event_trigger
  UNION ALL SELECT 'trigger', tgrelid::regclass || ' ' || tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE tgname ~ '^steward'
  UNION ALL SELECT 'numbers', NULL, concat_ws(' ', (SELECT last_value FROM steward._meter_ids), (SELECT last_value FROM steward._extra_ids))
  ORDER BY 1, 2, 3};
my $before = $node->safe_psql('origin', $facts);
like($before, qr/^meter\|users\|2 "Kunden ∑" standing seats max_users 2$/m, 'the facts are there to begin with');
sub is_same { my ($database, $name) = @_; is_deeply([ split /\n/, $node->safe_psql($database, $facts) ], [ split /\n/, $before ], $name) }

# Declaring goes on, and what is kept goes and moves with its rows.
sub goes_on {
  my ($database) = @_;
  my $as = sub { return $node->safe_psql($database, "SET ROLE $_[0]; $_[1]") };
  my $again = q{SELECT steward.bind_subjects('"Kunden ∑"', 'Tarif', expires_col => 'bis', fallback => 'größer', zone_col => 'zone', anchor_col => 'ab')};
  $as->('owner', $again);
  $as->('host', q{SELECT steward.limit_rows('seats', 'owner', 'users')});
  is_same($database, "$database: declared again, nothing changes");
  is($as->('admin', q{SELECT steward.grant_extra('∑', 'users', 1)}), '3', "$database: there is a number for a new extra");
  $as->('admin', q{SELECT steward.define_meter('new', 'parts', 'standing')});
  is($node->safe_psql($database, q{SELECT id FROM steward._meters WHERE meter = 'new'}), '4', "$database: and for a new meter, which nobody has had");
  is($node->safe_psql($database, 'SELECT * FROM steward.verify_limits()'), '', "$database: what is recorded is what the rows come to");
  is($node->safe_psql($database, q{SELECT used FROM steward.usage('∑', '"Kunden ∑"') WHERE meter = 'users'}), '54', "$database: and that is what it was");
  $as->('host', q{INSERT INTO seats_2a (id, owner, size, month) VALUES (50, '∑', 5, 2); TRUNCATE seats_1; CREATE TABLE seats_3 PARTITION OF seats FOR VALUES IN (3);
    INSERT INTO seats VALUES (51, '∑', 7, 3); ALTER TABLE seats DETACH PARTITION seats_2; ALTER TABLE seats ATTACH PARTITION seats_2 FOR VALUES IN (2); DROP TABLE seats_1});
  is($node->safe_psql($database, q{SELECT used FROM steward.usage('∑', '"Kunden ∑"') WHERE meter = 'users'}), '36', "$database: its partitions are counted");
  is($node->safe_psql($database, 'SELECT * FROM steward.verify_limits()'), '', "$database: and nothing else");
  $as->('owner', q{UPDATE "Kunden ∑" SET "Schlüssel" = 'b' WHERE "Schlüssel" = 'a\b'; DELETE FROM "Kunden ∑" WHERE "Schlüssel" = E'tab\there'; DELETE FROM parts_0 WHERE id = 1});
  is($node->safe_psql($database, q{SELECT string_agg(subject, ' ' ORDER BY subject) FROM (SELECT subject FROM steward._overrides UNION ALL SELECT subject FROM steward._extras) k}),
    '2 b ∑ ∑', "$database: what is kept goes and moves with its rows");
  is(sqlstate_of($node, q{SET ROLE owner; SELECT steward.unbind_subjects('parts')}, database => $database), '2BP01', "$database: meters hold their tables");
}

# Whole, in parallel, in which tables are filled in any order, and by pieces.
my $dump = dump_of($node, 'origin');
$node->safe_psql('postgres', 'CREATE DATABASE copy');
is(restore_into($node, 'copy', $dump), '', 'restores without a word');
is_same('copy', 'copy: everything is as it was');
is(dump_of($node, 'copy'), $dump, 'its dump is the same');
goes_on('copy');

my $archive = PostgreSQL::Test::Utils::tempdir() . '/archive';
command_ok([ 'pg_dump', '-Fd', '-j', 2, '-f', $archive, '-d', $node->connstr('origin') ], 'a dump of files');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j', 4, '-d', $node->connstr('parallel'), $archive ], 'restored in parallel');
is_same('parallel', 'parallel: everything is as it was');
goes_on('parallel');

$node->safe_psql('postgres', 'CREATE DATABASE pieces');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--schema-only')), '', 'the schema alone restores');
is(sqlstate_of($node, q{INSERT INTO parts VALUES (1); UPDATE parts SET id = 2; DELETE FROM parts; TRUNCATE parts}, database => 'pieces'), '', 'its triggers are in nobody\'s way');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--data-only')), '', 'the data restores after it');
is_same('pieces', 'pieces: everything is as it was');
goes_on('pieces');

# What is kept for tables that are gone is known by numbers alone, which are other tables' in another cluster: here those of the same ones,
# as the same is done there before.
sub half { my ($n) = @_; return qq{
  CREATE TABLE tenants_$n (id int PRIMARY KEY, at timestamptz NOT NULL DEFAULT now(), views bigint NOT NULL DEFAULT 0);
  SELECT steward.bind_subjects('tenants_$n'), steward.define_meter('calls_$n', 'tenants_$n', 'metered', 'month'), steward.set_limit('default', 'calls_$n', 5),
    steward.create_counter('tenants_$n', 'views'), steward.audit_table('tenants_$n');
  INSERT INTO tenants_$n VALUES (1);
  SELECT steward.override_limit(1, 'calls_$n', 100), steward.grant_extra(1, 'calls_$n', 9), steward.hit('tenants_$n', 1);
  SELECT steward.consume(1, 'calls_$n', 4, 'key');
  CREATE TABLE days_$n (at timestamptz NOT NULL) PARTITION BY RANGE (at);
  SELECT steward.manage_partitions('days_$n', every => '1 day', premake => 1) } }
$node->safe_psql('postgres', 'CREATE DATABASE gone');
$node->safe_psql('gone', "CREATE EXTENSION steward; SELECT steward.define_tier('default', 0)");
$node->safe_psql('gone', half($_)) for 1, 2;
$node->safe_psql('gone', 'DROP TABLE tenants_1, days_1');
$dump = dump_of($node, 'gone');
unlike($dump, qr/^COPY steward\.(?!audit)[^;]*;\n(?:(?!\\\.).*\n)*.*calls_1/m, 'gone: nothing is said of tables that are not there');
my $fresh = new_node('fresh', 'fsync = off', "statement_timeout = '60s'");
$fresh->safe_psql('postgres', 'CREATE DATABASE gone');
is(restore_into($fresh, 'gone', $dump), '', 'gone: restores without a word');
is(dump_of($fresh, 'gone'), $dump, 'gone: its dump is the same');
is($fresh->safe_psql('gone', q{SELECT meter, subjects, max FROM steward.meters JOIN steward.limit_overrides USING (meter)}), 'calls_2|tenants_2|100', 'gone: what is there has what is its own');
is($fresh->safe_psql('gone', q{SELECT used, extra FROM steward.usage(1); SELECT steward.hit('tenants_2', 1); SELECT rel FROM steward.partition_sets WHERE rel::text !~ 'audit'}), "4|9\n2\ndays_2", 'gone: and goes on with it');

done_testing();

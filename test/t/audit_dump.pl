# What a dump carries of the log: records, numbers, triggers, what is ignored and hidden; it goes on, and nothing is there twice.
use strict;
use warnings;
use PostgreSQL::Test::Utils;
use Test::More;
use Steward;

my $node = new_node('source', 'fsync = off', "statement_timeout = '60s'");
my $roles = 'CREATE ROLE owner LOGIN; CREATE ROLE auditor LOGIN';
$node->safe_psql('postgres', "$roles; CREATE DATABASE origin");
$node->safe_psql('origin', q{
  CREATE EXTENSION steward;
  SELECT steward.grant_access('auditor', 'auditor');
  GRANT CREATE ON SCHEMA public TO owner;
  -- A table that is gone leaves a number that is never used again.
  CREATE TABLE gone (id int PRIMARY KEY);
  SELECT steward.audit_table('gone');
  INSERT INTO gone VALUES (1);
  SELECT steward.unaudit_table('gone');
  DROP TABLE gone;
  SET ROLE owner;
  CREATE TABLE notes (id int PRIMARY KEY, title text, updated_at timestamptz, secret text, org text, lost int);
  ALTER TABLE notes DROP lost;
  CREATE TABLE "Seiten ∑" ("Schlüssel" text PRIMARY KEY, "geheim" text);
  CREATE TABLE parts (id int, part int, t text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
  CREATE TABLE parts_0 PARTITION OF parts FOR VALUES IN (0);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
  CREATE TABLE no_longer (id int PRIMARY KEY);
  SELECT steward.audit_table('notes', ignore_cols => '{updated_at}', redact_cols => '{secret}', tenant_col => 'org', resource => 'note'),
    steward.audit_table('"Seiten ∑"', redact_cols => '{geheim}', redact_as => 'mask'), steward.audit_table('parts', full_rows => true), steward.audit_table('no_longer');
  INSERT INTO notes VALUES (1, 'one', now(), 'hidden', 'a'), (2, 'two', now(), NULL, 'b');
  UPDATE notes SET title = 'One', secret = 'hidden too' WHERE id = 1;
  INSERT INTO "Seiten ∑" VALUES (E'a\b\t"∑', 'unseen');
  INSERT INTO parts VALUES (1, 0, 'x'), (2, 1, 'y');
  UPDATE parts SET part = 1 - part;
  INSERT INTO no_longer VALUES (1);
  SELECT steward.unaudit_table('no_longer');
  ALTER TABLE notes RENAME title TO name;
  ALTER TABLE notes RENAME secret TO hidden});
$node->safe_psql('origin', q{BEGIN; SELECT steward.set_actor('somebody', ip => '10.0.0.1', request => 'r-1'); UPDATE notes SET name = 'by somebody' WHERE id = 2; DELETE FROM notes WHERE id = 1;
  INSERT INTO notes VALUES (1, 'again'); SELECT steward.record_event('login', 'session', 's-1', '{"ok": true}'); COMMIT});

# The answers that must survive.
my $facts = q{
  SET time zone 'UTC';
  SELECT 'log', lpad(id::text, 5), l::text FROM steward.audit_log l
  UNION ALL SELECT 'table', rel::text, (to_jsonb(a) - 'rel')::text FROM steward.audited_tables a
  UNION ALL SELECT 'number', rel_id::text, concat_ws(' ', rel, resource) FROM steward.audit_relations
  UNION ALL SELECT 'history', id::text, concat_ws(' ', action, new_values) FROM steward.history('notes', 1)
  UNION ALL SELECT 'row', id::text, steward.row_as_of('notes', id, now())::text FROM notes
  UNION ALL SELECT 'blame', col, concat_ws(' ', value, actor, tx) FROM steward.blame('notes', 2)
  UNION ALL SELECT 'trigger', tgrelid::regclass || ' ' || tgname, concat_ws(' ', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE tgname ~ 'steward' OR tgname = 'guard_audit'
  UNION ALL SELECT 'key', '', encode(key, 'hex') FROM steward._audit_key
  ORDER BY 1, 2, 3};
my $before = $node->safe_psql('origin', $facts);
like($before, qr/^\Q$_\E/m, "the facts are there to begin with: $_")
  for 'history|', 'blame|name|"by somebody" somebody', 'table|notes|', 'table|parts|', 'number|3|', 'trigger|notes !steward_audit_2|A CREATE TRIGGER';
sub is_same { my ($server, $database, $name) = @_; is_deeply([ split /\n/, $server->safe_psql($database, $facts) ], [ split /\n/, $before ], $name) }

my $hash = $node->safe_psql('origin', q{SELECT new_values ->> 'secret' FROM steward.audit_log WHERE rel_name = 'notes' AND row_key = '1' ORDER BY id LIMIT 1});
like($hash, qr/^hash:[0-9a-f]{32}$/, 'a hidden value has a hash');

sub goes_on {
  my ($server, $database, $where) = @_;
  my $last = q{SELECT action, row_key, tenant, changed, new_values FROM steward.audit_log ORDER BY id DESC LIMIT 1};
  my $count = $server->safe_psql($database, 'SELECT count(*), max(id), max(tx) FROM steward.audit_records');
  my ($records, $id, $tx) = split /\|/, $count;
  is($server->safe_psql($database, qq{SET ROLE owner; UPDATE notes SET updated_at = now() WHERE id = 1; UPDATE notes SET name = 'later', hidden = 'hidden' WHERE id = 1; RESET ROLE; $last}),
    qq{update|1||{name,hidden}|{"name": "later", "hidden": "$hash"}}, "$where: what is ignored and hidden is so still, with the same key");
  is($server->safe_psql($database, q{SET ROLE owner; UPDATE "Seiten ∑" SET geheim = 'unseen too'; RESET ROLE; SELECT old_values, new_values FROM steward.audit_log ORDER BY id DESC LIMIT 1}),
    '{"geheim": "***"}|{"geheim": "***"}', "$where: with the same word");
  is($server->safe_psql($database, qq{UPDATE notes SET org = 'c', name = 'x' WHERE id = 2; $last}), 'update|2|c|{org,name}|{"org": "c", "name": "x"}', "$where: so are tenants");
  is($server->safe_psql($database, qq{UPDATE parts SET part = 1 - part WHERE id = 1; $last}), 'update|["1", "0"]||{part}|{"t": "x", "id": 1, "part": 0}', "$where: rows move, and are recorded whole");
  is($server->safe_psql($database, qq{INSERT INTO parts_1 VALUES (9, 1, 'z'); TRUNCATE parts_1; $last}), 'delete|["9", "1"]|||', "$where: partitions have their triggers");
  is($server->safe_psql($database, qq{SET session_replication_role = replica; INSERT INTO notes VALUES (77, 'replica'); RESET session_replication_role; $last}),
    'create|77|||{"id": 77, "org": null, "name": "replica", "hidden": null}', "$where: and are always on");
  is($server->safe_psql($database, qq{INSERT INTO no_longer VALUES (50); SELECT steward.record_event('logout', 'session', 's-1'); $last}), "\nlogout|s-1|||", "$where: what is no longer recorded is not, events are");
  is($server->safe_psql($database, qq{SELECT count(*), count(*) - count(DISTINCT id), min(id) > $id, min(tx) > $tx FROM steward.audit_records WHERE id > $id}), '10|0|t|t', "$where: with new ids, one more for the second tenant");
  is($server->safe_psql($database, q{SELECT rel_id, count(*) FROM steward.audit_log WHERE rel_name IN ('notes') GROUP BY 1}), '2|10', "$where: under the same number");
  $server->safe_psql($database, q{SET ROLE owner; CREATE TABLE later (id int PRIMARY KEY); SELECT steward.audit_table('later'), steward.audit_table('no_longer'); INSERT INTO later VALUES (1)});
  is($server->safe_psql($database, q{SELECT rel, rel_id FROM steward.audited_tables WHERE rel IN ('later'::regclass, 'no_longer'::regclass) ORDER BY 2}), "no_longer|5\nlater|7", "$where: new tables have new numbers, and old ones theirs");
  is(sqlstate_of($server, $_, database => $database), 'QA002', "$where: guarded: $_") for 'DELETE FROM steward.audit_records', 'UPDATE steward.audit_transactions SET actor = NULL';
  is(sqlstate_of($server, "SET ROLE owner; INSERT INTO steward.audit_records (id) VALUES (1)", database => $database), '42501', "$where: from the owner of tables too");
  is($server->safe_psql($database, q{SELECT action, name FROM (SELECT h.action, h.new_values ->> 'name' AS name FROM steward.history('notes', 1) h ORDER BY id DESC LIMIT 1) t}), 'update|later', "$where: a row's history goes on");
  is($server->safe_psql($database, q{SET ROLE auditor; SELECT count(*) > 10 FROM steward.audit_log}), 't', "$where: auditors read it");
  is($server->safe_psql($database, q{SELECT count(*) FROM steward.audit_records r WHERE (SELECT count(*) FROM steward.audit_transactions t WHERE t.tx = r.tx) <> 1}), '0', "$where: each record has its transaction");
  is($server->safe_psql($database, q{SELECT count(*) FROM steward._audit_versions GROUP BY rel_id ORDER BY rel_id LIMIT 2 OFFSET 1}), $server->safe_psql('origin', q{SELECT count(*) FROM steward._audit_versions GROUP BY rel_id ORDER BY rel_id LIMIT 2 OFFSET 1}),
    "$where: nothing was altered") if $server == $node;
  is($server->safe_psql($database, q{SELECT count(*) FROM steward._audit_versions v WHERE v.rel_id = 2}), '3', "$where: and no change of columns seen");
  is(sqlstate_of($server, 'CALL steward.maintain_partitions()', database => $database), '', "$where: its months are maintained");
  $server->safe_psql($database, q{SELECT steward.unaudit_table(rel) FROM steward.audited_tables});
  is($server->safe_psql($database, q{SELECT count(*) FROM pg_trigger WHERE tgrelid IN ('notes'::regclass, 'parts'::regclass, 'parts_1'::regclass) AND NOT tgisinternal}), '0', "$where: tables can be taken out");
}

my $dump = dump_of($node, 'origin');
my $other = new_node('target', 'fsync = off', "statement_timeout = '60s'");
$other->safe_psql('postgres', $roles);

for my $target ([ $node, 'same cluster' ], [ $other, 'new cluster' ]) {
  my ($server, $where) = @$target;
  # OIDs differ from the original's.
  $server->safe_psql('postgres', 'CREATE DATABASE copy; CREATE TABLE padding (a int); DROP TABLE padding');
  is(restore_into($server, 'copy', $dump), '', "$where: restores without a word");
  is_same($server, 'copy', "$where: everything is as it was, and nothing is there twice");
  is(dump_of($server, 'copy'), $dump, "$where: its dump is the same");
  goes_on($server, 'copy', $where);
}

# Archives, restored in parallel and by pieces.
my $archive = PostgreSQL::Test::Utils::tempdir() . '/archive';
command_ok([ 'pg_dump', '-Fd', '-j', 2, '-f', $archive, '-d', $node->connstr('origin') ], 'a dump of files');
$node->safe_psql('postgres', 'CREATE DATABASE parallel');
command_ok([ 'pg_restore', '-j', 2, '-d', $node->connstr('parallel'), $archive ], 'restored in parallel');
is_same($node, 'parallel', 'parallel: everything is as it was');
goes_on($node, 'parallel', 'parallel');

# The schema, and the data after it: with the triggers there, which know of no declaration until the data has come.
$node->safe_psql('postgres', 'CREATE DATABASE pieces');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--schema-only')), '', 'the schema alone restores');
is($node->safe_psql('pieces', q{SELECT (SELECT count(*) FROM steward.audited_tables), (SELECT count(*) FROM steward.audit_records)}), '0|0', 'and has no log');
is(sqlstate_of($node, q{INSERT INTO notes VALUES (1); UPDATE notes SET name = 'x'; DELETE FROM notes; TRUNCATE parts}, database => 'pieces'), '', 'its triggers are in nobody\'s way');
is($node->safe_psql('pieces', 'SELECT count(*) FROM steward.audit_records'), '0', 'and record nothing');
is(restore_into($node, 'pieces', dump_of($node, 'origin', '--data-only')), '', 'the data restores after it');
is_same($node, 'pieces', 'pieces: everything is as it was');
goes_on($node, 'pieces', 'pieces');

# One table, by an owner who is no superuser, into a database that has the extension.
$node->safe_psql('postgres', 'CREATE DATABASE alone; ALTER DATABASE alone OWNER TO owner');
$node->safe_psql('alone', q{CREATE EXTENSION steward; GRANT CREATE ON SCHEMA public TO owner});
my $table = dump_of($node, 'origin', '-t', 'notes');
is(restore_into($node, 'alone', "SET ROLE owner; $table"), '', 'a table alone restores, by its owner');
is(sqlstate_of($node, q{SET ROLE owner; UPDATE notes SET name = 'alone'}, database => 'alone'), '', 'and is as other tables are');
is($node->safe_psql('alone', q{SELECT count(*) FROM steward.audit_records}), '0', 'without records');
is($node->safe_psql('alone', q{SET ROLE owner; SELECT steward.audit_table('notes'); UPDATE notes SET name = 'audited', hidden = 'hidden' WHERE id = 1; RESET ROLE; SELECT changed, new_values ->> 'hidden' LIKE 'hash:%' FROM steward.audit_log}),
  "\n{name,hidden}|t", 'until it is declared, with the marks that it has');

$node->safe_psql('parallel', 'DROP EXTENSION steward CASCADE');
is($node->safe_psql('parallel', q{SELECT (SELECT count(*) FROM pg_trigger WHERE tgname ~ 'steward'), (SELECT count(*) FROM pg_event_trigger WHERE evtname ~ 'audit|altered_tables|dropped_tables'), (SELECT count(*) FROM pg_namespace WHERE nspname = 'steward')}), '0|0|0',
  'DROP EXTENSION leaves nothing');

done_testing();

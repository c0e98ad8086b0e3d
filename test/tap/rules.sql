-- The rules that hold for every object of the extension, also for those that are yet to come.
BEGIN;
SELECT plan(12);

CREATE TEMP VIEW members AS
  SELECT d.classid, d.objid, pg_describe_object(d.classid, d.objid, 0) AS object FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'steward');
CREATE TEMP VIEW functions AS SELECT p.* FROM members m JOIN pg_proc p ON m.classid = 'pg_proc'::regclass AND m.objid = p.oid;
CREATE TEMP VIEW relations AS SELECT c.* FROM members m JOIN pg_class c ON m.classid = 'pg_class'::regclass AND m.objid = c.oid;

-- Each of these finds something to check.
SELECT cmp_ok((SELECT count(*) FROM functions), '>', 20::bigint, 'there are functions');
SELECT cmp_ok((SELECT count(*) FROM relations WHERE relkind IN ('r', 'v')), '>', 5::bigint, 'there are tables and views');

SELECT is_empty($$ SELECT object FROM members WHERE classid <> 'pg_type'::regclass AND obj_description(objid, classid::regclass::text::name) IS NULL
    AND NOT (classid = 'pg_class'::regclass AND objid IN (SELECT oid FROM pg_class WHERE relkind IN ('i', 't'))) $$,
  'every object has a comment');
SELECT is_empty($$ SELECT attrelid::regclass, attname FROM pg_attribute JOIN relations r ON r.oid = attrelid
    WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v') AND NOT relispartition AND relname !~ '^_' AND col_description(attrelid, attnum) IS NULL $$,
  'every column of a public table or view has a comment');
SELECT is_empty($$ SELECT object FROM members WHERE object !~ 'steward' $$, 'everything is in schema steward');
SELECT is_empty($$ SELECT oid::regprocedure FROM functions WHERE proname ~ '^_' AND has_function_privilege('public', oid, 'EXECUTE') $$,
  'no internal function may be called by PUBLIC');
SELECT is_empty($$ SELECT oid::regclass, p FROM relations, unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[]) p
    WHERE relkind IN ('r', 'v', 'm', 'p') AND has_table_privilege('public', oid, p) $$, 'no table or view may be touched by PUBLIC');
SELECT is_empty($$ SELECT oid::regprocedure FROM functions WHERE prosecdef $$, 'no function is SECURITY DEFINER');
SELECT is_empty($$ SELECT oid::regprocedure FROM functions WHERE proleakproof $$, 'no function is LEAKPROOF');
SELECT is_empty($$ SELECT oid::regprocedure FROM functions WHERE prorettype = 'internal'::regtype OR 'internal'::regtype = ANY (proargtypes) $$,
  'no function takes or returns internal');
SELECT is_empty($$ SELECT f.oid::regprocedure FROM functions f JOIN pg_language l ON l.oid = prolang
    WHERE lanname <> 'c' AND NOT COALESCE(proconfig @> '{"search_path=pg_catalog, pg_temp"}', false) $$,
  'every function that is not C pins its search_path');
SELECT set_eq($$ SELECT proname::text FROM functions WHERE has_function_privilege('public', oid, 'EXECUTE') $$,
  '{base62_encode,base62_decode,base62_encode_numeric,base62_decode_numeric,base62_encode_uuid,base62_decode_uuid,base62_encode_bytea,base62_decode_bytea,random_code,assign_codes,unassign_codes,assign_code,create_counter,drop_counter,limit_rows,unlimit_rows,count_rows,drop_counts,move_counts,bind_subjects,unbind_subjects,drop_subjects,move_subjects,manage_partitions,unmanage_partitions,restore_partition,audit_table,unaudit_table,audit_row,audit_statement,audit_truncate,audit_columns}'::text[],
  'PUBLIC may call these and no others');

SELECT finish();
ROLLBACK;

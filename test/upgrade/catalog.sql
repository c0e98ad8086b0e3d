-- Everything that the extension has put into the catalog, one line per fact, in an order of its own: what two
-- databases must agree on when one was upgraded and the other made anew. No OID, no column number.
WITH members AS (
  SELECT d.classid, d.objid FROM pg_depend d
  WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
    AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'steward')
), parts AS (  -- what hangs on a member without being one: constraints, triggers, indexes, rules, defaults
  SELECT classid, objid FROM members
  UNION SELECT d.classid, d.objid FROM pg_depend d
    JOIN members m ON d.refclassid = m.classid AND d.refobjid = m.objid AND d.deptype IN ('a', 'i')
    -- The sequences of series are data.
    WHERE d.classid <> 'pg_class'::regclass
      OR EXISTS (SELECT FROM pg_class c WHERE c.oid = d.objid AND c.relkind <> 'S')
), named AS (
  SELECT p.*, format('%s %s', i.type, i.identity) AS name,
         pg_describe_object(p.classid, p.objid, 0) ~ ' toast ' AS toast
  FROM parts p, LATERAL pg_identify_object(p.classid, p.objid, 0) i
), kept AS (
  SELECT * FROM named WHERE name !~ 'pg_toast'
)
SELECT name || ': ' || fact AS fact FROM (
  SELECT name, 'exists' AS fact FROM kept
  UNION ALL
  SELECT name, 'is a member' FROM kept JOIN members USING (classid, objid)
  UNION ALL
  SELECT name, 'function ' || pg_get_functiondef(p.oid) || format(' kind %s strict %s leakproof %s parallel %s cost %s rows %s', p.prokind, p.proisstrict, p.proleakproof, p.proparallel, p.procost, p.prorows)
  FROM kept JOIN pg_proc p ON classid = 'pg_proc'::regclass AND objid = p.oid AND p.prokind IN ('f', 'p', 'w')
  UNION ALL
  SELECT name, format('relation kind %s persistence %s options %s security %s %s', relkind, relpersistence, reloptions, relrowsecurity, relforcerowsecurity)
  FROM kept JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid
  UNION ALL
  SELECT name, 'view ' || pg_get_viewdef(c.oid) FROM kept JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid AND relkind = 'v'
  UNION ALL
  SELECT name, 'index ' || pg_get_indexdef(c.oid) FROM kept JOIN pg_class c ON classid = 'pg_class'::regclass AND objid = c.oid AND relkind = 'i'
  UNION ALL
  SELECT name, format('column %s %s place %s not null %s default %s generated %s identity %s collation %s comment %s', attname, format_type(atttypid, atttypmod),
    row_number() OVER (PARTITION BY attrelid ORDER BY attnum), attnotnull, pg_get_expr(adbin, adrelid), attgenerated, attidentity, attcollation::regcollation, col_description(attrelid, attnum))
  FROM kept JOIN pg_attribute a ON classid = 'pg_class'::regclass AND objid = a.attrelid AND attnum > 0 AND NOT attisdropped
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  UNION ALL
  SELECT name, format('constraint %s valid %s', pg_get_constraintdef(c.oid), convalidated) FROM kept JOIN pg_constraint c ON classid = 'pg_constraint'::regclass AND objid = c.oid
  UNION ALL
  SELECT name, format('trigger %s enabled %s', pg_get_triggerdef(t.oid), tgenabled) FROM kept JOIN pg_trigger t ON classid = 'pg_trigger'::regclass AND objid = t.oid AND NOT tgisinternal
  UNION ALL
  SELECT name, format('type %s', format_type(t.oid, NULL)) FROM kept JOIN pg_type t ON classid = 'pg_type'::regclass AND objid = t.oid
  UNION ALL
  SELECT name, 'comment ' || description FROM kept JOIN pg_description d ON d.classoid = classid AND d.objoid = objid AND objsubid = 0
  UNION ALL
  -- Rights, in the words of the roles; the owner is whoever installed it.
  SELECT name, format('%s granted to %s, grantable %s', privilege_type, CASE grantee WHEN 0 THEN 'PUBLIC' WHEN owner THEN 'the owner' ELSE grantee::regrole::text END, is_grantable)
  FROM (
    SELECT name, proowner AS owner, COALESCE(proacl, acldefault('f', proowner)) AS acl FROM kept JOIN pg_proc ON classid = 'pg_proc'::regclass AND objid = oid
    UNION ALL SELECT name, relowner, COALESCE(relacl, acldefault('r', relowner)) FROM kept JOIN pg_class ON classid = 'pg_class'::regclass AND objid = oid AND relkind IN ('r', 'v', 'm', 'p')
    UNION ALL SELECT name, nspowner, COALESCE(nspacl, acldefault('n', nspowner)) FROM kept JOIN pg_namespace ON classid = 'pg_namespace'::regclass AND objid = oid
  ) acls, aclexplode(acl)
  UNION ALL
  SELECT 'extension', format('version %s schema %s relocatable %s', extversion, extnamespace::regnamespace, extrelocatable) FROM pg_extension WHERE extname = 'steward'
  UNION ALL
  SELECT 'extension', format('dumps %s %s', t.id::regclass, t.condition)
  FROM pg_extension, unnest(extconfig, extcondition) AS t(id, condition) WHERE extname = 'steward'
) facts
ORDER BY (name || ': ' || fact) COLLATE "C";

-- Who may: the levels, and what belongs to each. An object belongs to one level, so that taking a level away takes
-- nothing that another one gives. Every feature's part adds its own rows.

CREATE TABLE steward._access (
  level text NOT NULL CHECK (level IN ('app', 'admin', 'auditor', 'monitor')),
  privilege text NOT NULL CHECK (privilege IN ('EXECUTE', 'SELECT', 'INSERT', 'UPDATE', 'DELETE')),
  object text NOT NULL,
  PRIMARY KEY (object, privilege)
);
COMMENT ON TABLE steward._access IS 'what each level of access grants';

CREATE FUNCTION steward.grant_access(role name, level text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_grant_access';
COMMENT ON FUNCTION steward.grant_access(name, text) IS
  'give a role the functions and views of a level: app, admin, auditor or monitor';
REVOKE EXECUTE ON FUNCTION steward.grant_access(name, text) FROM PUBLIC;

CREATE FUNCTION steward.revoke_access(role name, level text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_revoke_access';
COMMENT ON FUNCTION steward.revoke_access(name, text) IS 'take the functions and views of a level from a role';
REVOKE EXECUTE ON FUNCTION steward.revoke_access(name, text) FROM PUBLIC;

CREATE VIEW steward.access_grants AS
  WITH objects AS (
    SELECT a.level, a.privilege, a.object, COALESCE(p.proacl, r.relacl) AS acl, COALESCE(p.proowner, r.relowner) AS owner
    FROM steward._access a
    LEFT JOIN pg_catalog.pg_proc p
      ON p.oid = pg_catalog.to_regprocedure(pg_catalog.substring(a.object, '^(?:FUNCTION|PROCEDURE) (.*)$'))
    LEFT JOIN pg_catalog.pg_class r
      ON r.oid = pg_catalog.to_regclass(pg_catalog.substring(a.object, '^TABLE (.*)$'))
  )
  SELECT g.grantee::regrole AS role, o.level,
         pg_catalog.count(DISTINCT (o.object, o.privilege)) = (SELECT pg_catalog.count(*) FROM steward._access a WHERE a.level = o.level) AS complete
  FROM objects o, LATERAL pg_catalog.aclexplode(o.acl) g
  WHERE g.privilege_type = o.privilege AND g.grantee <> o.owner AND g.grantee <> 0
  GROUP BY g.grantee, o.level;
COMMENT ON VIEW steward.access_grants IS 'which roles hold which levels of access';
COMMENT ON COLUMN steward.access_grants.role IS 'the role';
COMMENT ON COLUMN steward.access_grants.level IS 'app, admin, auditor or monitor';
COMMENT ON COLUMN steward.access_grants.complete IS
  'false when the role lacks part of the level: grant_access again, as after an update that brought new functions';

INSERT INTO steward._access (level, privilege, object) VALUES
  ('monitor', 'SELECT', 'TABLE steward.access_grants');

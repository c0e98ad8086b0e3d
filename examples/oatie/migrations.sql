-- The migration ledger, and migration 004. Plain SQL: steward has no part for migrations yet.

CREATE TABLE schema_migrations (
  version varchar(255) PRIMARY KEY,
  applied_at timestamptz DEFAULT now(),
  rollback_sql text,
  checksum varchar(64),
  applied_by varchar(255) DEFAULT current_user
);
COMMENT ON TABLE schema_migrations IS 'which migrations have been applied, and how each is taken back';

-- The document's runner, in the database: migration and ledger are one transaction. Corrected: the checksum is kept and compared
-- (the document computes it and throws it away), and what is rolled back leaves the ledger (there it would stay).

CREATE FUNCTION apply_migration(migration text, forward text, backward text DEFAULT NULL) RETURNS boolean
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  sum text := encode(sha256(convert_to(forward, 'UTF8')), 'hex');
  known schema_migrations;
BEGIN
  -- Two runners at once: the second finds what the first has done.
  LOCK TABLE schema_migrations IN SHARE ROW EXCLUSIVE MODE;
  SELECT * INTO known FROM schema_migrations WHERE version = migration;
  IF known.checksum = sum THEN
    RETURN false;
  ELSIF known.version IS NOT NULL THEN
    RAISE object_not_in_prerequisite_state USING MESSAGE = format('migration "%s" has been applied with another text', migration),
      DETAIL = format('Its checksum was %s, and is %s.', COALESCE(known.checksum, 'not kept'), sum),
      HINT = 'What has been applied is not edited: write a new migration.';
  END IF;
  EXECUTE forward;
  INSERT INTO schema_migrations (version, rollback_sql, checksum) VALUES (migration, backward, sum);
  RETURN true;
END $$;
COMMENT ON FUNCTION apply_migration(text, text, text) IS 'apply a migration unless it has been applied; whether it was done now';

CREATE FUNCTION rollback_migration(migration text) RETURNS void
  LANGUAGE plpgsql SET search_path = oatie, pg_temp AS $$
DECLARE
  known schema_migrations;
BEGIN
  DELETE FROM schema_migrations WHERE version = migration RETURNING * INTO known;
  IF known.version IS NULL THEN
    RAISE no_data_found USING MESSAGE = format('migration "%s" has not been applied', migration);
  ELSIF known.rollback_sql IS NULL THEN
    RAISE object_not_in_prerequisite_state USING MESSAGE = format('migration "%s" cannot be rolled back', migration);
  END IF;
  EXECUTE known.rollback_sql;
END $$;
COMMENT ON FUNCTION rollback_migration(text) IS 'take a migration back, and out of the ledger';

REVOKE ALL ON TABLE schema_migrations FROM PUBLIC;
REVOKE ALL ON FUNCTION apply_migration(text, text, text), rollback_migration(text) FROM PUBLIC;

-- What these three have made is in schema.sql and steward.sql.
INSERT INTO schema_migrations (version) VALUES ('001_initial_schema'), ('002_add_user_preferences'), ('003_create_audit_logs');

SELECT apply_migration('004_add_template_versioning', $forward$
ALTER TABLE templates
  ADD COLUMN version integer DEFAULT 1,
  ADD COLUMN parent_template_id uuid REFERENCES templates (id),
  ADD CONSTRAINT valid_version CHECK (version > 0);
-- Corrected: once. The document has the same UNIQUE in the table's definition, too.
ALTER TABLE templates ADD CONSTRAINT unique_template_name_version UNIQUE (organization_id, name, version);
CREATE INDEX idx_templates_version ON templates (version);
CREATE INDEX idx_templates_parent_template_id ON templates (parent_template_id);
UPDATE templates SET version = 1 WHERE version IS NULL;
ALTER TABLE templates ALTER COLUMN version SET NOT NULL;
$forward$, $backward$
DROP INDEX IF EXISTS idx_templates_version;
DROP INDEX IF EXISTS idx_templates_parent_template_id;
ALTER TABLE templates DROP CONSTRAINT IF EXISTS unique_template_name_version;
ALTER TABLE templates DROP COLUMN IF EXISTS version, DROP COLUMN IF EXISTS parent_template_id;
$backward$) \g /dev/null

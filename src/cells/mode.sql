-- How cells are written, in this database.
CREATE TABLE steward._cell_mode (
  mode text NOT NULL CHECK (mode IN ('inplace', 'row'))
);
CREATE UNIQUE INDEX _cell_mode_one ON steward._cell_mode ((true));
COMMENT ON TABLE steward._cell_mode IS 'how cells are written when it is not in place; empty until set_cell_mode has been called';
SELECT pg_catalog.pg_extension_config_dump('steward._cell_mode', '');

CREATE FUNCTION steward.set_cell_mode(mode text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_cell_mode';
COMMENT ON FUNCTION steward.set_cell_mode(text) IS
  'how this database counts: inplace (fast, the default) or row (ordinary rows, for logical replication and PREPARE)';
REVOKE EXECUTE ON FUNCTION steward.set_cell_mode(text) FROM PUBLIC;

-- A restored dump is heard by sessions that have looked before.
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward._cell_mode
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
ALTER TABLE steward._cell_mode ENABLE ALWAYS TRIGGER announce_change;

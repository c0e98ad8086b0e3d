-- What the throw-away next version adds to this one: a table, a view, a function and a level's row.
CREATE TABLE steward.pebbles (id bigint PRIMARY KEY, name text NOT NULL DEFAULT 'pebble');
COMMENT ON TABLE steward.pebbles IS 'made by a test of upgrades';
SELECT pg_catalog.pg_extension_config_dump('steward.pebbles', '');
CREATE VIEW steward.pebble_names AS SELECT name FROM steward.pebbles;
COMMENT ON VIEW steward.pebble_names IS 'made by a test of upgrades';
CREATE FUNCTION steward.count_pebbles() RETURNS bigint LANGUAGE sql STABLE
  SET search_path = pg_catalog, pg_temp AS 'SELECT count(*) FROM steward.pebbles';
COMMENT ON FUNCTION steward.count_pebbles() IS 'made by a test of upgrades';
REVOKE EXECUTE ON FUNCTION steward.count_pebbles() FROM PUBLIC;
INSERT INTO steward._access (level, privilege, object) VALUES ('monitor', 'EXECUTE', 'FUNCTION steward.count_pebbles()');

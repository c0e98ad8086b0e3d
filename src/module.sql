\echo Use "CREATE EXTENSION steward" to load this file. \quit

-- Nothing here may resolve to an object that somebody else has made beforehand: names are qualified, CREATE is plain,
-- and a schema steward that exists already stops the installation.
SET LOCAL search_path TO pg_catalog, pg_temp;

CREATE SCHEMA steward;
COMMENT ON SCHEMA steward IS 'the back office of a SaaS platform';
GRANT USAGE ON SCHEMA steward TO PUBLIC;

-- iOps, all of it, with sample data: psql -d DATABASE -f install.sql, as superuser. Without the sample: schema.sql, steward.sql, app.sql.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS steward;

-- The sample's codes are the same each time. A key that everybody knows is for a sample only.
\set report_code_key '\\x2b7e151628aed2a6abf7158809cf4f3c'

\ir schema.sql
\ir steward.sql
\ir app.sql
\ir seed_data.sql

\unset report_code_key
RESET search_path;
RESET client_min_messages;

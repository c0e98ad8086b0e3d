-- Oatie, an AI reporting platform, on steward: psql -f examples/oatie/install.sql, as superuser, once in a database.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS steward;
CREATE EXTENSION IF NOT EXISTS pgcrypto SCHEMA public;
CREATE SCHEMA oatie;
SET search_path = oatie;

\ir schema.sql
\ir migrations.sql
\ir steward.sql
\ir app.sql
\ir queries.sql
\ir seed_data.sql

RESET search_path;
RESET client_min_messages;

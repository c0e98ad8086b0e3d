-- Every rule of the document, in the platform as it is installed. COVERAGE.md says which test proves which rule.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
SET search_path = oatie, public;
SET TimeZone = 'UTC';
-- As anywhere where it is scheduled.
CALL steward.maintain();
BEGIN;
SELECT no_plan();
\ir oatie/helpers.sql
\ir oatie/tables.sql
\ir oatie/indexes.sql
\ir oatie/values.sql
\ir oatie/limits.sql
\ir oatie/partitions.sql
\ir oatie/audit.sql
\ir oatie/app.sql
\ir oatie/queries.sql
\ir oatie/rights.sql
\ir oatie/migrations.sql
SELECT finish();
ROLLBACK;

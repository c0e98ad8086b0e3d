-- access: who may do what, by level

CREATE ROLE webapp;
SELECT steward.grant_access('webapp', 'app');
SELECT * FROM steward.access_grants;

\echo '-- The application takes codes; it neither makes series nor sees their keys.'
SET ROLE webapp;
SELECT length(steward.random_code(12)) AS random_code_is_for_all;
SELECT steward.create_series('mine');
SELECT key FROM steward._series;
RESET ROLE;

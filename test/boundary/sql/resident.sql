-- An object in a memory context of its own dies with that context, and the pointer to it is empty again.
SET search_path = boundary;
BEGIN;
SELECT keep(false);
SELECT kept(), live();
COMMIT;
SELECT kept(), live();
BEGIN;
SELECT keep(false);
SELECT 1/0;
ROLLBACK;
SELECT kept(), live();

SELECT keep(true);
SELECT kept(), live();
SELECT keep(true);
SELECT kept(), live();
SELECT forget();
SELECT kept(), live();
SELECT forget();

-- One that cannot be made leaves neither object nor context, and can be tried again.
SELECT keep_what_fails();
SELECT keep_what_fails();
SELECT kept_what_fails(), left_behind();
SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'boundary';

-- Every field of an error of ours arrives, and every field of the server's stays.
SET search_path = boundary;
CREATE FUNCTION fields(statement text) RETURNS TABLE (field text, content text) LANGUAGE plpgsql AS $$
DECLARE a text; b text; c text; d text; e text; f text; g text; h text; i text;
BEGIN
  EXECUTE statement;
EXCEPTION WHEN OTHERS OR query_canceled THEN
  GET STACKED DIAGNOSTICS a = RETURNED_SQLSTATE, b = MESSAGE_TEXT, c = PG_EXCEPTION_DETAIL, d = PG_EXCEPTION_HINT,
    e = SCHEMA_NAME, f = TABLE_NAME, g = COLUMN_NAME, h = CONSTRAINT_NAME, i = PG_EXCEPTION_CONTEXT;
  RETURN QUERY VALUES ('sqlstate', a), ('message', b), ('detail', c), ('hint', d), ('schema', e), ('table', f),
    ('column', g), ('constraint', h), ('context', i);
END $$;

SELECT * FROM fields($$SELECT throw_kind('error')$$);
SELECT field, length(content) FROM fields($$SELECT throw_kind('long')$$) WHERE field = 'message';
SELECT * FROM fields($$SELECT throw_kind('percent')$$) WHERE field IN ('message', 'detail', 'hint');

-- The server's own error, through three layers of C++ and SQL.
CREATE TABLE parent (id int CONSTRAINT positive CHECK (id > 0));
SELECT * FROM fields($$SELECT run('SELECT run(''INSERT INTO boundary.parent VALUES (-1)'')')$$);
\set VERBOSITY verbose
-- The place in the source where it was made.
SELECT throw_kind('error');
SELECT left_behind();

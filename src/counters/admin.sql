-- Declaring counters, and what keeps them and their tables together.

CREATE FUNCTION steward.create_counter(
    rel regclass, col name, bucket interval DEFAULT NULL, time_zone text DEFAULT NULL, keep interval DEFAULT NULL,
    last_col name DEFAULT NULL)
  RETURNS void LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_create_counter';
COMMENT ON FUNCTION steward.create_counter(regclass, name, interval, text, interval, name) IS
  'count for the rows of a table, shown in one of its columns; for the table''s owner';

CREATE FUNCTION steward.drop_counter(rel regclass, col name) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_counter';
COMMENT ON FUNCTION steward.drop_counter(regclass, name) IS
  'stop counting: the column gets the last counts and is an ordinary one again; for the table''s owner';

-- Anybody may have the trigger functions run: they serve only as triggers, look up by themselves whether the counter
-- that they name is of their table, and a dump must restore for an owner who is no superuser.
CREATE FUNCTION steward.drop_counts() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_drop_counts';
COMMENT ON FUNCTION steward.drop_counts() IS 'trigger made by create_counter: a row''s count goes with the row';

CREATE FUNCTION steward.move_counts() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_move_counts';
COMMENT ON FUNCTION steward.move_counts() IS
  'trigger made by create_counter: a row''s count stays with the row when its key changes';

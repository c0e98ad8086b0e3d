-- Tables whose rows are subjects of limits, and what keeps what is kept for them together with the rows.

CREATE FUNCTION steward.bind_subjects(
    rel regclass, tier_col name DEFAULT NULL, key_col name DEFAULT NULL, expires_col name DEFAULT NULL,
    fallback text DEFAULT NULL, zone_col name DEFAULT NULL, anchor_col name DEFAULT NULL)
  RETURNS void LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_bind_subjects';
COMMENT ON FUNCTION steward.bind_subjects(regclass, name, name, name, text, name, name) IS
  'make the rows of a table subjects of limits, and say which columns tell their tier, expiry, zone and anchor; for the table''s owner';

CREATE FUNCTION steward.unbind_subjects(rel regclass) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_unbind_subjects';
COMMENT ON FUNCTION steward.unbind_subjects(regclass) IS 'take back a bind_subjects, once no meter counts for the table; for the table''s owner';

-- Anybody may have the trigger functions run: they serve only as triggers, look up by themselves whether their table is
-- bound, and a dump must restore for an owner who is no superuser.
CREATE FUNCTION steward.drop_subjects() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_drop_subjects';
COMMENT ON FUNCTION steward.drop_subjects() IS 'trigger made by bind_subjects: what a subject has used, its overrides and extras go with its row';

CREATE FUNCTION steward.move_subjects() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward_move_subjects';
COMMENT ON FUNCTION steward.move_subjects() IS
  'trigger made by bind_subjects: they stay with the row when its key changes; its columns are those that the subject is read from';

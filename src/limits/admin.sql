-- The catalogue of limits: tiers, meters, limits, and what single subjects have instead and beyond. A subject may be given
-- as bigint, uuid or text: all mean the same row.

CREATE FUNCTION steward.define_tier(tier text, rank int) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_define_tier';
COMMENT ON FUNCTION steward.define_tier(text, int) IS 'make a tier that subjects may be in, or change its rank; a higher rank is a better tier';
REVOKE EXECUTE ON FUNCTION steward.define_tier(text, int) FROM PUBLIC;

CREATE FUNCTION steward.drop_tier(tier text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_tier';
COMMENT ON FUNCTION steward.drop_tier(text) IS 'drop a tier with its limits';
REVOKE EXECUTE ON FUNCTION steward.drop_tier(text) FROM PUBLIC;

CREATE FUNCTION steward.define_meter(
    meter text, subjects regclass, kind text, period text DEFAULT NULL, unit text DEFAULT NULL, max_col name DEFAULT NULL,
    max_unit bigint DEFAULT NULL)
  RETURNS void LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_define_meter';
COMMENT ON FUNCTION steward.define_meter(text, regclass, text, text, text, name, bigint) IS
  'count something for the rows of a bound table: metered (in each period) or standing, with the limit of the tier or in units of max_unit (1) in max_col; or change what is not NULL';
REVOKE EXECUTE ON FUNCTION steward.define_meter(text, regclass, text, text, text, name, bigint) FROM PUBLIC;

CREATE FUNCTION steward.drop_meter(meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_meter';
COMMENT ON FUNCTION steward.drop_meter(text) IS 'drop a meter with its limits, overrides, extras and all that was used of it';
REVOKE EXECUTE ON FUNCTION steward.drop_meter(text) FROM PUBLIC;

CREATE FUNCTION steward.set_limit(tier text, meter text, max bigint) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_set_limit';
COMMENT ON FUNCTION steward.set_limit(text, text, bigint) IS 'how much a tier allows of a meter; NULL is unlimited, 0 is not in this tier';
REVOKE EXECUTE ON FUNCTION steward.set_limit(text, text, bigint) FROM PUBLIC;

CREATE FUNCTION steward.drop_limit(tier text, meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_limit';
COMMENT ON FUNCTION steward.drop_limit(text, text) IS 'take back a set_limit: the tier allows nothing of the meter then';
REVOKE EXECUTE ON FUNCTION steward.drop_limit(text, text) FROM PUBLIC;

CREATE FUNCTION steward.override_limit(subject bigint, meter text, max bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_override_limit_bigint';
COMMENT ON FUNCTION steward.override_limit(bigint, text, bigint, timestamptz, text) IS 'give one subject another limit than its tier has, until a time or for good; NULL is unlimited';
REVOKE EXECUTE ON FUNCTION steward.override_limit(bigint, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.override_limit(subject uuid, meter text, max bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_override_limit_uuid';
COMMENT ON FUNCTION steward.override_limit(uuid, text, bigint, timestamptz, text) IS 'give one subject another limit than its tier has, until a time or for good; NULL is unlimited';
REVOKE EXECUTE ON FUNCTION steward.override_limit(uuid, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.override_limit(subject text, meter text, max bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_override_limit_text';
COMMENT ON FUNCTION steward.override_limit(text, text, bigint, timestamptz, text) IS 'give one subject another limit than its tier has, until a time or for good; NULL is unlimited';
REVOKE EXECUTE ON FUNCTION steward.override_limit(text, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.drop_override(subject bigint, meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_override_bigint';
COMMENT ON FUNCTION steward.drop_override(bigint, text) IS 'take back an override_limit';
REVOKE EXECUTE ON FUNCTION steward.drop_override(bigint, text) FROM PUBLIC;

CREATE FUNCTION steward.drop_override(subject uuid, meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_override_uuid';
COMMENT ON FUNCTION steward.drop_override(uuid, text) IS 'take back an override_limit';
REVOKE EXECUTE ON FUNCTION steward.drop_override(uuid, text) FROM PUBLIC;

CREATE FUNCTION steward.drop_override(subject text, meter text) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_drop_override_text';
COMMENT ON FUNCTION steward.drop_override(text, text) IS 'take back an override_limit';
REVOKE EXECUTE ON FUNCTION steward.drop_override(text, text) FROM PUBLIC;

CREATE FUNCTION steward.grant_extra(subject bigint, meter text, amount bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_grant_extra_bigint';
COMMENT ON FUNCTION steward.grant_extra(bigint, text, bigint, timestamptz, text) IS 'give one subject so much beyond its limit, to be drawn on after it; gives the number of the extra';
REVOKE EXECUTE ON FUNCTION steward.grant_extra(bigint, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.grant_extra(subject uuid, meter text, amount bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_grant_extra_uuid';
COMMENT ON FUNCTION steward.grant_extra(uuid, text, bigint, timestamptz, text) IS 'give one subject so much beyond its limit, to be drawn on after it; gives the number of the extra';
REVOKE EXECUTE ON FUNCTION steward.grant_extra(uuid, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.grant_extra(subject text, meter text, amount bigint, until timestamptz DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_grant_extra_text';
COMMENT ON FUNCTION steward.grant_extra(text, text, bigint, timestamptz, text) IS 'give one subject so much beyond its limit, to be drawn on after it; gives the number of the extra';
REVOKE EXECUTE ON FUNCTION steward.grant_extra(text, text, bigint, timestamptz, text) FROM PUBLIC;

CREATE FUNCTION steward.revoke_extra(id bigint) RETURNS void
  LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'steward_revoke_extra';
COMMENT ON FUNCTION steward.revoke_extra(bigint) IS 'take back what is left of an extra';
REVOKE EXECUTE ON FUNCTION steward.revoke_extra(bigint) FROM PUBLIC;

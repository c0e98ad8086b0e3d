-- The module's functions, and the times at which the test beside this file asks them.
CREATE SCHEMA periods;
ALTER DATABASE regression SET search_path = periods;
SET search_path = periods;

CREATE FUNCTION start_of(length interval, zone text, at timestamptz) RETURNS timestamptz
  STRICT LANGUAGE c AS 'steward_periods', 'steward_start_of';
CREATE FUNCTION next_of(length interval, zone text, at timestamptz) RETURNS timestamptz
  STRICT LANGUAGE c AS 'steward_periods', 'steward_next_of';
CREATE FUNCTION month_name(zone text, at timestamptz) RETURNS text
  STRICT LANGUAGE c AS 'steward_periods', 'steward_month_name';

-- What the clock is ahead of UTC.
CREATE FUNCTION ahead(zone text, at timestamptz) RETURNS interval LANGUAGE sql
  RETURN (at AT TIME ZONE zone) - (at AT TIME ZONE 'UTC');
-- Whether the clock stays as it is for a day before and after, but for changes that are undone within.
CREATE FUNCTION quiet(zone text, at timestamptz) RETURNS boolean LANGUAGE sql
  RETURN ahead(zone, at - interval '25 hours') = ahead(zone, at)
     AND ahead(zone, at) = ahead(zone, at + interval '25 hours');

CREATE TABLE zones AS SELECT name AS zone FROM pg_timezone_names WHERE name !~ '^(posix|right)/';
CREATE TABLE units (unit text, length interval);
INSERT INTO units SELECT unit, ('1 ' || unit)::interval FROM unnest('{hour,day,week,month,year}'::text[]) AS unit;

-- Anywhen, and every so many minutes around changes of the clock.
SELECT setseed(0.2) \g /dev/null
CREATE TABLE moments AS
  SELECT zone, timestamptz '1850-01-01 UTC' + random() * interval '300 years' AS at
  FROM zones, LATERAL (SELECT FROM generate_series(1, 20) WHERE zone IS NOT NULL) AS several
UNION ALL
  SELECT zone, day + minutes * interval '37 minutes'
  FROM zones, generate_series(timestamptz '2010-01-01 UTC', '2016-01-01 UTC', interval '1 day') AS day,
    generate_series(-60, 60) AS minutes
  WHERE ahead(zone, day - interval '1 day') <> ahead(zone, day) AND random() < 0.2;
CREATE TABLE answers AS
  SELECT zone, unit, length, at, start_of(length, zone, at) AS start, next_of(length, zone, at) AS next,
    date_trunc(unit, at, zone) AS truncated
  FROM moments, units;

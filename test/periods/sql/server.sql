-- Periods in the server's time zones, compared with its own date_trunc. Every query but the first and the last finds nothing.
SELECT count(DISTINCT zone) > 300 AS many_zones, count(*) > 10000 AS many_answers FROM answers;

-- A period is around the time that it is asked for, and begins where it says.
SELECT * FROM answers WHERE start > at OR next <= at OR start IS NULL OR next IS NULL LIMIT 5;
SELECT * FROM answers WHERE start_of(length, zone, start) <> start OR start_of(length, zone, next) <> next
  OR start_of(length, zone, next - interval '1 us') <> start OR next_of(length, zone, start) <> next LIMIT 5;

-- Days and longer: before the start the clock does not show the beginning yet; then it shows that, or has left it out.
SELECT *, start AT TIME ZONE zone AS shows FROM answers
WHERE unit <> 'hour' AND (start - interval '1 us') AT TIME ZONE zone >= date_trunc(unit, start AT TIME ZONE zone) LIMIT 5;

-- The same as date_trunc wherever the clock is not changed around the start.
SELECT * FROM answers WHERE unit <> 'hour' AND start <> truncated AND quiet(zone, start) AND quiet(zone, truncated) LIMIT 5;
-- Elsewhere date_trunc is later, being the second of two midnights, and maybe later than what it was asked for; but for times
-- that the clock shows again after the period has ended.
SELECT * FROM answers WHERE unit <> 'hour' AND start > truncated AND at AT TIME ZONE zone >= start AT TIME ZONE zone LIMIT 5;
-- Hours are date_trunc's but where the clock is moved by a part of one.
SELECT * FROM answers WHERE unit = 'hour' AND start <> truncated
  AND date_trunc('hour', ahead(zone, truncated) - ahead(zone, at)) = ahead(zone, truncated) - ahead(zone, at) LIMIT 5;

-- A month's name is that of the clock, but for what is shown again after the month has ended.
SELECT * FROM answers WHERE month_name(zone, at) <> to_char(at AT TIME ZONE zone, 'YYYY-MM') AND quiet(zone, at) LIMIT 5;

-- Abbreviations mean what they do to the server; what is no zone is its error.
SELECT zone, at, start_of('1 day', zone, at), date_trunc('day', at, zone)
FROM unnest('{EST,CEST,MSK,BRST,<+03>-3,FOO+5BAR}'::text[]) AS zone, (VALUES (timestamptz '2012-07-01 13:00 UTC')) AS v(at)
WHERE start_of('1 day', zone, at) <> date_trunc('day', at, zone);
SELECT start_of('1 day', 'Nowhere/Land', now());
SELECT start_of('1 day', 'UTC', 'infinity'), next_of('1 day', 'UTC', '294276-12-31 12:00 UTC'),
  start_of('1 day', 'Europe/Berlin', '294276-12-31 12:00 UTC') = date_trunc('day', timestamptz '294276-12-31 12:00 UTC', 'Europe/Berlin') AS far;

-- When periods begin and end, as usage() says it, and into which of them a consumption falls.
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO';
CREATE TABLE clocks (id int PRIMARY KEY, tier text NOT NULL DEFAULT 'timed', zone text, anchor timestamptz, runs_out timestamptz);
INSERT INTO clocks (id, zone) VALUES (1, NULL), (2, 'America/New_York'), (3, 'Etc/GMT+12'), (4, 'Pacific/Kiritimati'), (5, 'Asia/Kathmandu'), (6, 'Europe/London'), (7, 'America/Sao_Paulo');
SELECT steward.define_tier('timed', 0), steward.define_tier('after', 0), steward.bind_subjects('clocks', 'tier', zone_col => 'zone', anchor_col => 'anchor', expires_col => 'runs_out', fallback => 'after') \g /dev/null
SELECT steward.define_meter('by_' || period, 'clocks', 'metered', period), steward.set_limit('timed', 'by_' || period, 10)
  FROM unnest('{hour,day,week,month,year,anchored}'::text[]) period \g /dev/null

-- At a moment, for a subject: the periods that it is in.
CREATE FUNCTION at(moment timestamptz, subject int, meters text) RETURNS TABLE (meter text, used bigint, period_start timestamptz, resets_at timestamptz) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('steward.now', moment::text, false);
  RETURN QUERY SELECT u.meter, u.used, u.period_start, u.resets_at FROM steward.usage(subject, 'clocks') u WHERE u.meter = ANY (string_to_array(meters, ' ')) ORDER BY u.resets_at, u.meter;
END $$;
-- A unit used in the last microsecond of the period that a moment is in, and one in the first of the next: each counts for its own.
CREATE FUNCTION edge(moment timestamptz, subject int, of_meter text) RETURNS TABLE (last_of timestamptz, used_before bigint, first_of timestamptz, used_behind bigint) LANGUAGE plpgsql AS $$
DECLARE turn timestamptz;
BEGIN
  SELECT a.resets_at INTO turn FROM at(moment, subject, of_meter) a;
  PERFORM set_config('steward.now', (turn - interval '1 microsecond')::text, false);
  PERFORM steward.consume(subject, of_meter, 2);
  SELECT u.period_start, u.used INTO last_of, used_before FROM steward.usage(subject, 'clocks') u WHERE u.meter = of_meter;
  PERFORM set_config('steward.now', turn::text, false);
  PERFORM steward.consume(subject, of_meter);
  SELECT u.period_start, u.used INTO first_of, used_behind FROM steward.usage(subject, 'clocks') u WHERE u.meter = of_meter;
  RETURN NEXT;
END $$;

-- Every kind of period, at one moment, in zones from 12 hours behind to 14 hours ahead, and with a quarter of an hour.
SELECT zone, a.* FROM clocks, at('2026-01-01 10:30+00', id, 'by_hour by_day by_week by_month by_year') a WHERE id IN (1, 3, 4, 5) ORDER BY id, resets_at, meter;
SELECT zone, e.* FROM clocks, edge('2026-01-01 10:30+00', id, 'by_month') e WHERE id IN (1, 3, 4, 5) ORDER BY id;
SELECT zone, e.* FROM clocks, edge('2026-06-30 10:30+00', id, 'by_hour') e WHERE id IN (1, 5) ORDER BY id;
SELECT e.* FROM edge('2026-12-31 23:30+00', 1, 'by_year') e;
SELECT e.* FROM edge('2026-12-31 23:30+00', 1, 'by_week') e;

-- Months end when they do.
SELECT day, a.period_start::date, a.resets_at::date FROM unnest('{2023-02-28,2024-02-28,2024-02-29,2024-03-01,2100-02-28,2000-02-29,2026-04-30,2026-12-31}'::date[]) day, at(day + interval '23:59:59', 1, 'by_month') a;

-- Summer time begins: a day of 23 hours, an hour that is not there. It ends: 25 hours, and one twice.
SELECT moment, a.meter, a.period_start, a.resets_at, a.resets_at - a.period_start AS length
  FROM unnest('{2026-03-08 06:59+00,2026-03-08 07:00+00,2026-11-01 05:30+00,2026-11-01 06:30+00,2026-11-01 07:30+00}'::timestamptz[]) moment, at(moment, 2, 'by_hour by_day') a ORDER BY 1, 2 DESC;
SELECT e.* FROM edge('2026-03-08 06:59+00', 2, 'by_hour') e;
SELECT e.* FROM edge('2026-11-01 05:30+00', 2, 'by_hour') e;
SELECT e.* FROM edge('2026-11-01 05:30+00', 2, 'by_day') e;
SELECT a.meter, a.resets_at - a.period_start AS length FROM at('2026-03-29 12:00+00', 6, 'by_week by_month') a;
SELECT a.meter, a.resets_at - a.period_start AS length FROM at('2026-10-25 12:00+00', 6, 'by_day by_week by_month') a;
-- Where it begins at midnight, the day begins at one.
SELECT a.period_start, a.resets_at FROM at('2018-11-04 12:00+00', 7, 'by_day') a;

-- Anchors: from the anchor, never from the month before.
UPDATE clocks SET anchor = '2024-01-31 15:30+00' WHERE id = 1;
SELECT moment, a.period_start, a.resets_at FROM unnest('{2024-01-31 15:30+00,2024-02-29 15:29+00,2024-02-29 15:30+00,2024-03-31 15:29+00,2024-03-31 15:30+00,2024-05-01 00:00+00,2025-02-27 00:00+00,2025-02-28 15:30+00,2025-03-31 15:30+00}'::timestamptz[]) moment,
  at(moment, 1, 'by_anchored') a;
-- Before it, periods are told from it as well.
SELECT a.period_start, a.resets_at FROM at('2023-11-30 15:30+00', 1, 'by_anchored') a;
SELECT e.* FROM edge('2025-02-01 00:00+00', 1, 'by_anchored') e;
UPDATE clocks SET anchor = '2024-02-29 00:00+00' WHERE id = 1;
SELECT e.* FROM edge('2025-02-01 00:00+00', 1, 'by_anchored') e;
-- In the subject's zone: what is the 31st there is still the 30th in New York, and an anchor at half past two is moved by summer time only for the day.
UPDATE clocks SET anchor = '2026-01-31 02:30+00' WHERE id = 2;
SELECT a.period_start, a.resets_at FROM at('2026-02-10 00:00+00', 2, 'by_anchored') a;
UPDATE clocks SET anchor = '2026-02-08 07:30+00' WHERE id = 2;
SELECT a.period_start, a.resets_at FROM unnest('{2026-03-01,2026-04-01,2026-05-01}'::timestamptz[]) moment, at(moment, 2, 'by_anchored') a;
-- Another zone, or another anchor, is no other allowance.
SET steward.now = '2026-05-05 12:00+00';
UPDATE clocks SET zone = 'America/New_York', anchor = '2026-01-03 00:00+00' WHERE id = 6;
SELECT steward.consume(6, 'by_month', 10), steward.consume(6, 'by_day', 10), steward.consume(6, 'by_anchored', 10);
UPDATE clocks SET zone = 'Asia/Tokyo', anchor = '2026-01-03 00:00:01+00' WHERE id = 6;
SELECT steward.try_consume(6, 'by_month'), steward.try_consume(6, 'by_day'), steward.try_consume(6, 'by_anchored');
SELECT month, used FROM steward.usage_by_month WHERE subject = '6' AND meter = 'by_month' AND rel = 'clocks'::regclass;
UPDATE clocks SET zone = 'Europe/London', anchor = NULL WHERE id = 6;
-- Without an anchor, and with one that is no day, it is the month.
UPDATE clocks SET anchor = NULL WHERE id = 1;
SELECT a.period_start, a.resets_at FROM at('2026-02-10 00:00+00', 1, 'by_anchored') a;
UPDATE clocks SET anchor = 'infinity' WHERE id = 1;
SELECT a.period_start, a.resets_at FROM at('2026-02-10 00:00+00', 1, 'by_anchored') a;

-- A subscription runs out at its moment, and not before.
UPDATE clocks SET runs_out = '2026-05-05 12:00+00' WHERE id = 1;
SELECT steward.set_limit('after', 'by_month', 0) \g /dev/null
SET steward.now = '2026-05-05 11:59:59.999999+00';
SELECT steward.consume(1, 'by_month') AS remaining;
SET steward.now = '2026-05-05 12:00+00';
SELECT steward.consume(1, 'by_month');
-- So do an override and an extra.
UPDATE clocks SET runs_out = NULL WHERE id = 1;
SELECT steward.override_limit(1, 'by_month', 1, until => '2026-05-05 13:00+00'), steward.grant_extra(1, 'by_month', 1, until => '2026-05-05 14:00+00') IS NOT NULL AS granted;
SET steward.now = '2026-05-05 12:59:59.999999+00';
SELECT max, extra, remaining FROM steward.usage(1, 'clocks') WHERE meter = 'by_month';
SET steward.now = '2026-05-05 13:00+00';
SELECT max, extra, remaining FROM steward.usage(1, 'clocks') WHERE meter = 'by_month';
SET steward.now = '2026-05-05 14:00+00';
SELECT max, extra, remaining FROM steward.usage(1, 'clocks') WHERE meter = 'by_month';

-- The month in which something was used is that of the subject's zone, whatever the period.
SET steward.now = '2026-08-01 00:30+00';
SELECT count(steward.consume(id, m, 3)) FROM clocks, unnest('{by_day,by_year}'::text[]) m WHERE id IN (3, 4);
SELECT zone, meter, month, used FROM steward.usage_by_month JOIN clocks ON id = subject::int WHERE rel = 'clocks'::regclass AND id IN (3, 4) AND meter <> 'by_month' ORDER BY 1, 2, 3;
-- A zone that does not exist is an error, not another one; nobody but a superuser sets the clock.
UPDATE clocks SET zone = 'Europe/Atlantis' WHERE id = 1;
SELECT steward.consume(1, 'by_month');
CREATE ROLE regress_steward_late;
SET ROLE regress_steward_late;
SET steward.now = '2020-01-01';
RESET ROLE;
DROP ROLE regress_steward_late;

SELECT steward.drop_meter('by_' || period) FROM unnest('{hour,day,week,month,year,anchored}'::text[]) period \g /dev/null
SELECT steward.unbind_subjects('clocks'), steward.drop_tier('timed'), steward.drop_tier('after') \g /dev/null
DROP FUNCTION edge, at;
DROP TABLE clocks;
RESET steward.now;
RESET datestyle;
RESET timezone;

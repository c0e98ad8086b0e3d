-- What explain_limit() says would help does help, and nothing less would.
SET client_min_messages = warning;
SET timezone = 'UTC';
SET steward.now = '2026-06-10 12:00+00';
CREATE TABLE firms (id int PRIMARY KEY, plan text NOT NULL, paid_until timestamptz NOT NULL DEFAULT 'infinity', seats_allowed smallint, storage_limit_gb int);
INSERT INTO firms (id, plan) SELECT i, 'small' FROM generate_series(1, 9) i;
SELECT steward.define_tier('small', 0), steward.define_tier('huge', 1), steward.define_tier('none', 0), steward.bind_subjects('firms', 'plan', expires_col => 'paid_until'),
  steward.define_meter('prints', 'firms', 'metered', 'month'), steward.define_meter('seats', 'firms', 'standing', max_col => 'seats_allowed'),
  steward.define_meter('storage', 'firms', 'standing', unit => 'bytes', max_col => 'storage_limit_gb', max_unit => 1073741824),
  steward.set_limit('small', 'prints', 10), steward.set_limit('small', 'seats', 5), steward.set_limit('small', 'storage', 1000),
  steward.set_limit('huge', 'prints', 1000), steward.set_limit('huge', 'seats', NULL), steward.set_limit('huge', 'storage', NULL), steward.set_limit('none', 'prints', 0), steward.set_limit('none', 'seats', 0) \g /dev/null

-- Each change that is named, by itself: whether the amount is allowed then, and one more is not.
CREATE FUNCTION tried(subject int, meter text, n bigint) RETURNS TABLE (change text, enough text, more text) LANGUAGE plpgsql AS $$
DECLARE line text;
BEGIN
  FOR line IN SELECT e FROM steward.explain_limit(subject, meter, n) e LOOP
    change := COALESCE(substring(line FROM 'after: (.*)$'), substring(line FROM '^Verdict: .* (allowed)$'));
    CONTINUE WHEN change IS NULL;
    BEGIN
      IF change <> 'allowed' THEN EXECUTE change; END IF;
      enough := CASE WHEN steward.try_consume(subject, meter, n) THEN 'allowed' ELSE 'DENIED' END;
      more := CASE WHEN steward.try_consume(subject, meter, 1) THEN 'and more' ELSE 'and no more' END;
      RAISE EXCEPTION 'undo';
    EXCEPTION WHEN raise_exception THEN
      RETURN NEXT;
    END;
  END LOOP;
END $$;

-- Of the tier: some is left, none is, more is used than is allowed.
SELECT * FROM tried(1, 'prints', 10);
SELECT steward.consume(1, 'prints', 8), steward.consume(1, 'seats', 3) \g /dev/null
SELECT * FROM tried(1, 'prints', 5);
SELECT * FROM tried(1, 'seats', 5);
SELECT steward.set_limit('small', 'prints', 4), steward.set_limit('small', 'seats', 1) \g /dev/null
SELECT * FROM tried(1, 'prints', 5);
SELECT * FROM tried(1, 'seats', 5);
SELECT * FROM steward.explain_limit(1, 'seats', 5);
-- With extras: what is over the limit of a period leaves them alone, and what is standing does not.
SELECT steward.grant_extra(1, 'prints', 3), steward.grant_extra(1, 'seats', 3) \g /dev/null
SELECT * FROM tried(1, 'prints', 3);
SELECT * FROM tried(1, 'prints', 5);
SELECT * FROM tried(1, 'seats', 5);
SELECT steward.consume(1, 'prints', 2) \g /dev/null
SELECT * FROM tried(1, 'prints', 5);

-- By an override, also one of 0, and with extras.
SELECT steward.override_limit(2, 'prints', 0), steward.override_limit(2, 'seats', 7) \g /dev/null
SELECT * FROM tried(2, 'prints', 5);
SELECT * FROM tried(2, 'seats', 8);
SELECT steward.consume(2, 'seats', 7), steward.override_limit(2, 'seats', 2), steward.grant_extra(2, 'seats', 1), steward.grant_extra(2, 'prints', 2) \g /dev/null
SELECT * FROM tried(2, 'prints', 5);
SELECT * FROM tried(2, 'seats', 8);

-- By a column of the subject's own row, which is in units that are not the meter's.
UPDATE firms SET seats_allowed = 2, storage_limit_gb = 1 WHERE id = 3;
SELECT steward.consume(3, 'seats', 2), steward.consume(3, 'storage', 1073741824) \g /dev/null
SELECT * FROM tried(3, 'seats', 4);
SELECT * FROM tried(3, 'storage', 1);
SELECT * FROM tried(3, 'storage', 1073741824);
UPDATE firms SET seats_allowed = 0, storage_limit_gb = 0 WHERE id = 3;
SELECT * FROM tried(3, 'seats', 4);
SELECT * FROM tried(3, 'storage', 1073741825);
-- A column says only what it can hold, and nothing what no number does.
SELECT * FROM tried(3, 'seats', 40000);
SELECT change, enough FROM tried(3, 'storage', 9223372035781033983);
SELECT * FROM steward.explain_limit(3, 'storage', 9223372036854775807);

-- Not in this tier, also when some is used of an earlier one; no limit at all; and extras that suffice without.
UPDATE firms SET plan = 'none' WHERE id IN (1, 4);
SELECT * FROM tried(4, 'prints', 5);
SELECT * FROM tried(1, 'seats', 2);
UPDATE firms SET plan = 'gone' WHERE id = 4;
SELECT * FROM tried(4, 'prints', 5);
SELECT steward.grant_extra(4, 'prints', 3), steward.grant_extra(4, 'seats', 3) \g /dev/null
SELECT * FROM tried(4, 'prints', 2);
SELECT * FROM tried(4, 'prints', 5);
SELECT * FROM tried(4, 'seats', 5);

-- Run out: the renewal, and what it takes beside.
UPDATE firms SET paid_until = '2026-06-01' WHERE id IN (2, 3, 5, 6);
UPDATE firms SET plan = 'huge' WHERE id = 5;
SELECT * FROM tried(5, 'prints', 5);
SELECT * FROM tried(6, 'prints', 5);
SELECT * FROM tried(2, 'seats', 8);
SELECT * FROM tried(3, 'seats', 4);
SELECT * FROM steward.explain_limit(3, 'seats', 4);
-- With a fallback it is that tier's limit.
SELECT steward.bind_subjects('firms', fallback => 'small') \g /dev/null
SELECT * FROM tried(5, 'prints', 5);
SELECT * FROM steward.explain_limit(5, 'prints', 5);
SELECT steward.consume(5, 'prints', 5);
UPDATE firms SET paid_until = '-infinity' WHERE id = 6;
SELECT * FROM steward.explain_limit(6, 'prints', 1);
UPDATE firms SET paid_until = 'infinity' WHERE id = 6;
SELECT * FROM steward.explain_limit(6, 'prints', 1);

SELECT steward.drop_meter(m) FROM unnest('{prints,seats,storage}'::text[]) m \g /dev/null
SELECT steward.unbind_subjects('firms'), steward.drop_tier('small'), steward.drop_tier('huge'), steward.drop_tier('none') \g /dev/null
DROP TABLE firms;
DROP FUNCTION tried;
RESET steward.now;
RESET timezone;

-- Who may see how a subject stands: whoever could read its row.
SET client_min_messages = warning;
SET steward.now = '2026-05-05 12:00+00';
CREATE ROLE regress_steward_clerk;
CREATE ROLE regress_steward_watch;
CREATE TABLE clubs (id bigint PRIMARY KEY, tier text NOT NULL DEFAULT 'club', keeper name NOT NULL, secret text);
INSERT INTO clubs (id, keeper) VALUES (1, 'regress_steward_clerk'), (2, 'somebody else');
SELECT steward.define_tier('club', 0), steward.bind_subjects('clubs', 'tier'), steward.define_meter('games', 'clubs', 'metered', 'month'),
  steward.define_meter('balls', 'clubs', 'standing'), steward.set_limit('club', 'games', 10), steward.set_limit('club', 'balls', 2),
  steward.grant_access('regress_steward_clerk', 'app'), steward.grant_access('regress_steward_clerk', 'monitor'),
  steward.grant_access('regress_steward_watch', 'monitor') \g /dev/null
SELECT steward.consume(1, 'games', 3), steward.consume(2, 'games', 4), steward.try_consume(1, 'games', 8), steward.try_consume(2, 'games', 8) \g /dev/null
CALL steward.fold_limits();
SELECT steward.consume(1, 'games'), steward.try_consume(1, 'games', 8), steward.try_consume(2, 'games', 8) \g /dev/null
-- The platform's own shape of usage, for whoever may read it.
CREATE VIEW usage_tracking AS SELECT subject AS club, month, sum(used) FILTER (WHERE meter = 'games') AS games FROM steward.usage_by_month WHERE rel = 'clubs'::regclass GROUP BY subject, month;
GRANT SELECT ON usage_tracking TO regress_steward_clerk;
CREATE TABLE answers (n int, question text);
INSERT INTO answers VALUES (1, $$SELECT count(*) FROM steward.usage(2, 'clubs')$$), (2, $$SELECT count(*) FROM steward.what_if('2', 'club', 'clubs')$$),
  (3, $$SELECT count(*) FROM steward.explain_limit(2, 'games')$$), (4, $$SELECT steward.check_limit('2', 'games')$$), (5, $$SELECT count(*) FROM steward.usage(3, 'clubs')$$);
GRANT SELECT ON answers TO regress_steward_clerk;
\pset tuples_only on
\pset format unaligned

-- Without the right, nothing is said; but whoever may consume may do so, and is told of that.
SET ROLE regress_steward_clerk;
SELECT refusal(question) FROM answers ORDER BY n;
SELECT steward.consume(2, 'games');
SELECT refusal($$SELECT steward.consume(2, 'games', 8)$$);
SELECT * FROM usage_tracking;
-- The right to read the key is enough.
RESET ROLE;
GRANT SELECT (id) ON clubs TO regress_steward_clerk;
SET ROLE regress_steward_clerk;
SELECT refusal(question) FROM answers ORDER BY n;
SELECT meter, used, max FROM steward.usage(2, 'clubs');
SELECT steward.check_limit(2, 'games', 5), steward.check_limit(2, 'games', 6);
SELECT * FROM usage_tracking ORDER BY club;

-- Row level security: what it hides is not there.
RESET ROLE;
ALTER TABLE clubs ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON clubs USING (keeper = current_user);
SET ROLE regress_steward_clerk;
SELECT refusal(question) FROM answers ORDER BY n;
SELECT meter, used, max FROM steward.usage(1, 'clubs');
SELECT steward.check_limit(1, 'games', 6), steward.check_limit(1, 'games', 7);
SELECT count(*) FROM steward.explain_limit(1, 'games'), steward.what_if(1, 'club', 'clubs');
SELECT * FROM usage_tracking ORDER BY club;
SELECT steward.try_consume(2, 'games');
SET row_security = off;
SELECT refusal($$SELECT steward.usage(1, 'clubs')$$);
RESET row_security;
-- It hides nothing from the table's owner, unless it is forced, and from who bypasses it.
RESET ROLE;
SELECT count(*) FROM steward.usage(2, 'clubs');
GRANT ALL ON SCHEMA public TO regress_steward_clerk;
ALTER TABLE clubs OWNER TO regress_steward_clerk;
SET ROLE regress_steward_clerk;
SELECT count(*) FROM steward.usage(2, 'clubs');
ALTER TABLE clubs FORCE ROW LEVEL SECURITY;
SELECT refusal($$SELECT steward.usage(2, 'clubs')$$);
-- A function of the platform's own may say more.
RESET ROLE;
CREATE FUNCTION rest_of(club bigint) RETURNS bigint SECURITY DEFINER LANGUAGE sql AS $$SELECT remaining FROM steward.usage(club, 'clubs') WHERE meter = 'games'$$;
SET ROLE regress_steward_clerk;
SELECT rest_of(2);
RESET ROLE;
ALTER TABLE clubs NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;

-- The views show what their reader could read, and nothing is learnt from what they leave out.
CREATE FUNCTION told(subject text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$BEGIN RAISE NOTICE 'told of %', subject; RETURN true; END$$;
SET client_min_messages = notice;
SET ROLE regress_steward_watch;
SELECT subject, meter, month, used FROM steward.usage_by_month WHERE rel = 'clubs'::regclass AND told(subject) ORDER BY 1;
SELECT subject, meter, denied FROM steward.limit_denials WHERE rel = 'clubs'::regclass AND told(subject) ORDER BY 1;
SELECT count(*) FROM steward._cell_denials() WHERE meter = (SELECT max(meter) FROM steward._cell_denials()) AND subject = '1';
RESET ROLE;
GRANT SELECT ON clubs TO regress_steward_watch;
ALTER TABLE clubs ENABLE ROW LEVEL SECURITY;
CREATE POLICY first ON clubs TO regress_steward_watch USING (id = 1);
SET ROLE regress_steward_watch;
SELECT subject, meter, month, used FROM steward.usage_by_month WHERE rel = 'clubs'::regclass AND told(subject) ORDER BY 1;
SELECT subject, meter, denied FROM steward.limit_denials WHERE rel = 'clubs'::regclass AND told(subject) ORDER BY 1;
RESET ROLE;
ALTER TABLE clubs DISABLE ROW LEVEL SECURITY;
SET ROLE regress_steward_watch;
SELECT subject, meter, denied FROM steward.limit_denials WHERE rel = 'clubs'::regclass ORDER BY 1;
RESET ROLE;
SET client_min_messages = warning;
-- A difference is never left out; only whose it is.
CREATE TABLE balls (club bigint);
SELECT steward.limit_rows('balls', 'club', 'balls');
SET session_replication_role = replica;
INSERT INTO balls VALUES (2);
RESET session_replication_role;
REVOKE SELECT ON clubs FROM regress_steward_watch;
SET ROLE regress_steward_watch;
SELECT rel, meter, subject IS NULL AS nobody, counted, recorded FROM steward.verify_limits() WHERE meter = 'balls';
RESET ROLE;
SELECT rel, meter, subject, counted, recorded FROM steward.verify_limits() WHERE meter = 'balls';
\pset tuples_only off
\pset format aligned
SELECT steward.unlimit_rows('balls', 'balls'), steward.drop_meter('games'), steward.drop_meter('balls'), steward.unbind_subjects('clubs'), steward.drop_tier('club') \g /dev/null
DROP VIEW usage_tracking;
DROP TABLE balls, answers, clubs;
DROP FUNCTION told, rest_of;
DROP OWNED BY regress_steward_clerk, regress_steward_watch;
DROP ROLE regress_steward_clerk, regress_steward_watch;
RESET steward.now;

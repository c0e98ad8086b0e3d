-- Words that codes must not be or hold.
SELECT count(*) > 300 AS serious, bool_and(builtin AND blocked) AS built_in FROM steward.blocked_words;
SELECT count(*) > 100 AS serious, bool_and(builtin AND reserved) AS built_in FROM steward.reserved_codes;
CREATE TABLE vanity (code text UNIQUE);
SELECT steward.assign_codes('vanity', 'code', 8, max_length => 16);

-- Innocent words that hold a short bad one are kept.
INSERT INTO vanity VALUES ('class'), ('assess'), ('analytics'), ('document'), ('Essex'), ('hello2'), ('button'), ('therapist'), ('saltwater');
-- Look-alikes are seen through, in any case, anywhere; short words only where they are the whole code.
\pset tuples_only on
\pset format unaligned
SELECT refusal(format('INSERT INTO vanity VALUES (%L)', code)) FROM unnest('{fuck,FuCk,xxfuckxx,5h1t,SH17,ass,4ss,455,Admin,API}'::text[]) code;
\pset tuples_only off
\pset format aligned
-- Reserved words are exact: adm1n and admins are nobody's route.
INSERT INTO vanity VALUES ('adm1n'), ('administer');

-- A word of one's own, at once here and after commit everywhere; lifted again by its deletion.
INSERT INTO steward.blocked_words (word, anywhere) VALUES ('Competitor', true), ('acme', false);
INSERT INTO steward.reserved_codes (word) VALUES ('beta');
\pset tuples_only on
\pset format unaligned
SELECT refusal(format('INSERT INTO vanity VALUES (%L)', code)) FROM unnest('{xc0mpet1t0rx,ACME,Beta}'::text[]) code;
\pset tuples_only off
\pset format aligned
INSERT INTO vanity VALUES ('acmeinc'), ('beta2');
BEGIN;
DELETE FROM steward.blocked_words WHERE NOT builtin;
INSERT INTO vanity VALUES ('acme');
ROLLBACK;
SELECT refusal($$INSERT INTO vanity VALUES ('acme')$$);
TRUNCATE vanity;

-- A built-in word is lifted by a row of one's own, which a dump carries.
INSERT INTO steward.blocked_words (word, blocked) VALUES ('ass', false);
INSERT INTO steward.reserved_codes (word, reserved) VALUES ('api', false);
INSERT INTO vanity VALUES ('ass'), ('api');
DELETE FROM steward.blocked_words WHERE NOT builtin;
DELETE FROM steward.reserved_codes WHERE NOT builtin;
TRUNCATE vanity;

-- Drawn codes hold no blocked word, however short: with every letter blocked, digits are left.
INSERT INTO steward.blocked_words (word) SELECT chr(a) || chr(b) FROM generate_series(97, 122) a, generate_series(97, 122) b ON CONFLICT DO NOTHING;
SELECT count(*) FILTER (WHERE code ~* '[a-z]{2}') AS with_two_letters, count(*) AS codes FROM (SELECT steward.random_code(4) AS code FROM generate_series(1, 500)) t;
DELETE FROM steward.blocked_words WHERE NOT builtin;
-- Nor are they reserved words: of two letters, all but a few.
INSERT INTO steward.reserved_codes (word) SELECT chr(a) || chr(b) FROM generate_series(97, 122) a, generate_series(97, 122) b ON CONFLICT DO NOTHING;
SELECT count(*) FILTER (WHERE code ~* '[a-z]{2}') AS with_two_letters, count(*) AS codes FROM (SELECT steward.random_code(2) AS code FROM generate_series(1, 500)) t;
DELETE FROM steward.reserved_codes WHERE NOT builtin;

-- What is no word.
\pset tuples_only on
\pset format unaligned
SELECT refusal(format('INSERT INTO steward.blocked_words (word) VALUES (%L)', word)) FROM unnest(ARRAY['', 'x', 'two words', 'naïve', repeat('x', 65)]) word;
SELECT refusal(format('INSERT INTO steward.reserved_codes (word) VALUES (%L)', word)) FROM unnest(ARRAY['', 'two words', 'naïve', repeat('x', 257)]) word;
-- A list that is too long is refused whole, and stops nothing.
SELECT refusal($$INSERT INTO steward.blocked_words (word) SELECT left(md5(i::text), 30) FROM generate_series(1, 5000) i$$);
\pset tuples_only off
\pset format aligned
SELECT length(steward.random_code());
DROP TABLE vanity;
-- A session of replication announces its changes as any other.
SELECT tgrelid::regclass, tgname, tgenabled FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'steward'::regnamespace) AND NOT tgisinternal AND tgname <> 'guard_audit' ORDER BY 1;

-- Words that codes must not be or hold. In both tables a row with builtin = false takes precedence over the built-in
-- row of the same word, so a built-in word is lifted by INSERT ... (word, blocked) VALUES ('hell', false).

CREATE TABLE steward.blocked_words (
  word text NOT NULL CHECK (word ~ '^[0-9A-Za-z]{2,64}$'),
  blocked boolean NOT NULL DEFAULT true,
  builtin boolean NOT NULL DEFAULT false,
  anywhere boolean NOT NULL DEFAULT true,
  PRIMARY KEY (word, builtin)
);
COMMENT ON TABLE steward.blocked_words IS 'words that no code may hold, whatever their case and look-alike characters';
COMMENT ON COLUMN steward.blocked_words.word IS 'the word; 0 and o, 1, i and l, 3 and e, 4 and a, 5 and s, 7 and t are the same';
COMMENT ON COLUMN steward.blocked_words.blocked IS 'false lifts a built-in word';
COMMENT ON COLUMN steward.blocked_words.builtin IS 'came with the extension; rows of your own leave this false';
COMMENT ON COLUMN steward.blocked_words.anywhere IS
  'whether a code that somebody chose may not hold the word at all, or only not be it; drawn codes never hold it';

CREATE TABLE steward.reserved_codes (
  word text NOT NULL CHECK (word ~ '^[0-9A-Za-z]+$' AND pg_catalog.length(word) <= 256),
  reserved boolean NOT NULL DEFAULT true,
  builtin boolean NOT NULL DEFAULT false,
  PRIMARY KEY (word, builtin)
);
COMMENT ON TABLE steward.reserved_codes IS 'words that no code may be, in any case: routes of the platform';
COMMENT ON COLUMN steward.reserved_codes.word IS 'the word, matched exactly but for case';
COMMENT ON COLUMN steward.reserved_codes.reserved IS 'false lifts a built-in word';
COMMENT ON COLUMN steward.reserved_codes.builtin IS 'came with the extension; rows of your own leave this false';

SELECT pg_catalog.pg_extension_config_dump('steward.blocked_words', 'WHERE NOT builtin');
SELECT pg_catalog.pg_extension_config_dump('steward.reserved_codes', 'WHERE NOT builtin');

CREATE FUNCTION steward._announce_change() RETURNS trigger
  LANGUAGE c AS 'MODULE_PATHNAME', 'steward__announce_change';
COMMENT ON FUNCTION steward._announce_change() IS 'makes every session read the table again when the change commits';
REVOKE EXECUTE ON FUNCTION steward._announce_change() FROM PUBLIC;

CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.blocked_words
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();
CREATE TRIGGER announce_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON steward.reserved_codes
  FOR EACH STATEMENT EXECUTE FUNCTION steward._announce_change();

-- Also in a session of replication: caches must not miss what it writes.
ALTER TABLE steward.blocked_words ENABLE ALWAYS TRIGGER announce_change;
ALTER TABLE steward.reserved_codes ENABLE ALWAYS TRIGGER announce_change;

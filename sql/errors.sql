-- Every SQLSTATE of steward's own, by a real call: code, message, detail, hint, table, column.
SELECT steward.create_series('errors', 4, 1, '\x2B7E151628AED2A6ABF7158809CF4F3C');
CREATE TABLE shop (code text UNIQUE);
SELECT steward.assign_codes('shop', 'code', 1, max_length => 1);
\pset tuples_only on
\pset format unaligned
-- QC001: the check characters of a code do not fit it.
SELECT refusal($$SELECT steward.id_of(left(steward.code_of(0, 'errors'), 4) || CASE right(steward.code_of(0, 'errors'), 1) WHEN '0' THEN '1' ELSE '0' END, 'errors')$$);
-- QC002: no such series.
SELECT refusal($$SELECT steward.next_code('no such series')$$);
-- QC003: an id or code that the series cannot have.
SELECT refusal($$SELECT steward.code_of(14776336, 'errors')$$);
SELECT refusal($$SELECT steward.id_of('123', 'errors')$$);
-- QC004: a chosen code breaks a rule.
SELECT refusal($$INSERT INTO shop VALUES ('!')$$);
SELECT refusal($$INSERT INTO shop VALUES ('ab')$$);
-- QC005: no free code could be found.
INSERT INTO shop SELECT steward.base62_encode(i) FROM generate_series(0, 61) i;
SELECT refusal($$INSERT INTO shop DEFAULT VALUES$$);
SELECT setval('steward._next_errors', 14776335) \g /dev/null
SELECT refusal($$SELECT steward.next_code('errors')$$);
\pset tuples_only off
\pset format aligned
DROP TABLE shop;
SELECT steward.drop_series('errors');

-- The rows that the extension brings along, as one line per table.
SELECT 'access', count(*), md5(string_agg(a::text, ',' ORDER BY a::text COLLATE "C")) FROM steward._access a
UNION ALL
SELECT 'blocked_words', count(*), md5(string_agg(w::text, ',' ORDER BY w::text COLLATE "C")) FROM steward.blocked_words w WHERE builtin
UNION ALL
SELECT 'reserved_codes', count(*), md5(string_agg(w::text, ',' ORDER BY w::text COLLATE "C")) FROM steward.reserved_codes w WHERE builtin;

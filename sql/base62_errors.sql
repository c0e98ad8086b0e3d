-- Base62 of values: what is refused, and how.
\pset tuples_only on
\pset format unaligned
SELECT refusal($$SELECT steward.base62_encode(-1)$$);
SELECT refusal($$SELECT steward.base62_encode('-9223372036854775808')$$);
SELECT refusal($$SELECT steward.base62_encode('99999999999999999999')$$);
SELECT refusal($$SELECT steward.base62_encode_numeric(-1)$$);
SELECT refusal($$SELECT steward.base62_encode_numeric(0.5)$$);
SELECT refusal($$SELECT steward.base62_encode_numeric('NaN')$$);
SELECT refusal($$SELECT steward.base62_encode_numeric('Infinity')$$);
SELECT refusal($$SELECT steward.base62_encode_numeric('-Infinity')$$);
SELECT refusal($$SELECT steward.base62_encode_numeric(10::numeric ^ 1000)$$);
SELECT refusal($$SELECT steward.base62_encode_bytea(decode(repeat('00', 1025), 'hex'))$$);
\pset tuples_only off
\pset format aligned

-- Every decoder, every fault.
CREATE TEMP TABLE attempts (n serial, decoder text, code text);
INSERT INTO attempts (decoder, code)
SELECT decoder, code
FROM unnest('{base62_decode,base62_decode_numeric,base62_decode_uuid,base62_decode_bytea}'::text[]) AS decoder,
  unnest(ARRAY['', ' ', '1 ', ' 1', E'1\n', '-', '-1', '+1', '1.5', '1_000', 'é', 'aéb', '１', 'AzL8n0Y58m8', 'AzL8n0Y58m7',
    'LygHa16AHYG', 'zzzzzzzzzzzzzzzzzzzzzz', '7n42DGM5Tflk9n8mt7Fhc7', '7n42DGM5Tflk9n8mt7Fhc8', 'aWgEPTl1tmebfsQzFP4bxwgy80W', '1', '12345',
    repeat('z', 100), repeat('z', 2000), repeat('z', 50) || '!']) AS code;
CREATE FUNCTION pg_temp.attempt(decoder text, code text) RETURNS TABLE (state text, message text, detail text)
LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT left(steward.%I($1)::text, 60)', decoder) USING code INTO message;
  state := 'ok';
  RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS state := RETURNED_SQLSTATE, message := MESSAGE_TEXT, detail := PG_EXCEPTION_DETAIL;
  RETURN NEXT;
END $$;
SELECT decoder, left(code, 30) AS code, a.* FROM attempts, LATERAL pg_temp.attempt(decoder, code) a ORDER BY n;
-- A message does not repeat a book.
SELECT refusal($$SELECT steward.base62_encode_numeric(-(10::numeric ^ 5000))$$);

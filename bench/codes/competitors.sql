-- What a user would otherwise write in PL/pgSQL, as well as PL/pgSQL allows.

CREATE SCHEMA plain;

CREATE FUNCTION plain.base62(value bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  alphabet CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  rest bigint := value;
  code text := '';
BEGIN
  LOOP
    code := substr(alphabet, (rest % 62)::int + 1, 1) || code;
    rest := rest / 62;
    EXIT WHEN rest = 0;
  END LOOP;
  RETURN code;
END $$;

-- After the widely copied nanoid for PostgreSQL: strong random bytes, those beyond the alphabet thrown away.
CREATE FUNCTION plain.nanoid(size int DEFAULT 8) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  alphabet CONSTANT text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  code text := '';
  bytes bytea;
  digit int;
BEGIN
  LOOP
    -- 14 of a UUID's 16 bytes are wholly random.
    bytes := uuid_send(gen_random_uuid());
    FOR i IN 0..15 LOOP
      CONTINUE WHEN i IN (6, 8);
      digit := get_byte(bytes, i) & 63;
      IF digit < 62 THEN
        code := code || substr(alphabet, digit + 1, 1);
        IF length(code) = size THEN RETURN code; END IF;
      END IF;
    END LOOP;
  END LOOP;
END $$;

-- A BEFORE INSERT trigger that looks the code up in the unique index and draws again.
CREATE FUNCTION plain.assign_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.code IS NULL THEN
    LOOP
      NEW.code := plain.nanoid(8);
      EXIT WHEN NOT EXISTS (SELECT FROM with_plpgsql WHERE code = NEW.code);
    END LOOP;
  END IF;
  RETURN NEW;
END $$;

-- What is consumed, one set a rival, and the ways to consume. Variable: library.

SET client_min_messages = warning;
CREATE EXTENSION steward;
\ir ../pgbench.sql

-- Subject 1 has a limit that is never reached, 2 has none, 3 has used up all.
CREATE TABLE tenants (id bigint PRIMARY KEY, tier text NOT NULL);
INSERT INTO tenants VALUES (1, 'large'), (2, 'unlimited'), (3, 'none left');
INSERT INTO tenants SELECT i, 'large' FROM generate_series(1001, 2000) i;
SELECT steward.bind_subjects('tenants', 'tier');
SELECT steward.define_tier('large', 1), steward.define_tier('unlimited', 2), steward.define_tier('none left', 0);
SELECT steward.define_meter('calls', 'tenants', 'metered', 'month'), steward.define_meter('documents', 'tenants', 'standing');
SELECT steward.set_limit(tier, meter, max) FROM (VALUES ('calls'), ('documents')) m (meter),
  (VALUES ('large', 1000000000), ('unlimited', NULL), ('none left', 1)) t (tier, max);
SELECT steward.consume(3, 'calls');

-- The hand-written way: a row for each tenant, meter and month, with the limit in it; a tenth of each page is left free, for updates in place.
CREATE TABLE used (tenant bigint, meter text, month date, used bigint NOT NULL, max bigint NOT NULL, PRIMARY KEY (tenant, meter, month))
  WITH (fillfactor = 90);
INSERT INTO used VALUES (1, 'calls', date_trunc('month', now()), 0, 1000000000);

-- Rows that count, and the same without; and once more without anything that takes time itself.
CREATE TABLE documents (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant bigint NOT NULL REFERENCES tenants, title text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now());
CREATE TABLE free_documents (LIKE documents INCLUDING ALL);
ALTER TABLE free_documents ADD FOREIGN KEY (tenant) REFERENCES tenants;
CREATE TABLE notes (tenant bigint, title text);
CREATE TABLE free_notes (tenant bigint, title text);
SELECT steward.limit_rows('documents', 'tenant', 'documents');
SELECT steward.limit_rows('notes', 'tenant', 'documents');

-- A tenant with fifty meters.
CREATE TABLE owners (id bigint PRIMARY KEY);
INSERT INTO owners VALUES (1);
SELECT steward.bind_subjects('owners'), steward.define_tier('default', 0);
SELECT steward.define_meter('meter ' || i, 'owners', 'metered', 'month'), steward.set_limit('default', 'meter ' || i, 100) FROM generate_series(1, 50) i;
SELECT steward.consume(1, 'meter ' || i) FROM generate_series(1, 50) i;

CREATE FUNCTION nothing(subject bigint, meter text, n bigint DEFAULT 1, idempotency_key text DEFAULT NULL) RETURNS bigint
  LANGUAGE c VOLATILE AS :'library', 'nothing';

INSERT INTO ways (way, title, stored_in, options, statement) VALUES
  ('nothing', 'a C function that does nothing', NULL, '', 'SELECT nothing(1, ''calls'')'),
  ('denied', 'try_consume, denied', NULL, '', 'SELECT steward.try_consume(3, ''calls'')'),
  ('consume', 'consume', NULL, '', 'SELECT steward.consume(1, ''calls'')'),
  ('unlimited', 'consume, unlimited', NULL, '', 'SELECT steward.consume(2, ''calls'')'),
  ('upsert', 'conditional upsert', 'used', '',
   'INSERT INTO used VALUES (1, ''calls'', date_trunc(''month'', now()), 1, 1000000000) ON CONFLICT (tenant, meter, month)'
   ' DO UPDATE SET used = used.used + 1 WHERE used.used + 1 <= used.max RETURNING max - used'),
  ('many', 'consume, 1,000 subjects', NULL, '', 'SELECT steward.consume(:key::bigint, ''calls'')'),
  ('insert', 'INSERT of a row', NULL, '', 'INSERT INTO free_documents (tenant, title) VALUES (2, ''a title of a usual length'')'),
  ('limited', 'INSERT of a limited row', NULL, '', 'INSERT INTO documents (tenant, title) VALUES (2, ''a title of a usual length'')');

-- The tables of phases 1 and 2: columns, keys, indexes, as the document has them.

CREATE TEMP VIEW columns AS
SELECT c.relname || '.' || a.attname AS col, c.relname AS rel, concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
  'default ' || pg_get_expr(d.adbin, d.adrelid)) AS fact
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'iops'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND NOT c.relispartition;

CREATE TEMP TABLE wanted (n int GENERATED ALWAYS AS IDENTITY, col text, fact text);
INSERT INTO wanted (col, fact) VALUES
  ('users.id', 'uuid not null default gen_random_uuid()'),
  ('users.email', 'character varying(255) not null'),
  ('users.password_hash', 'character varying(255) not null'),
  ('users.full_name', 'character varying(255)'),
  ('users.tier', 'character varying(50) not null default ''free''::character varying'),
  ('users.stripe_customer_id', 'character varying(255)'),
  ('users.stripe_subscription_id', 'character varying(255)'),
  ('users.is_admin', 'boolean not null default false'),
  ('users.created_at', 'timestamp with time zone not null default now()'),
  ('users.updated_at', 'timestamp with time zone not null default now()'),
  ('usage_tracking.id', 'uuid'),
  ('usage_tracking.user_id', 'uuid'),
  ('usage_tracking.month_year', 'character varying(7)'),
  ('usage_tracking.datasets_count', 'integer'),
  ('usage_tracking.ai_messages_count', 'integer'),
  ('usage_tracking.reports_count', 'integer'),
  ('usage_tracking.created_at', 'timestamp with time zone'),
  ('usage_tracking.updated_at', 'timestamp with time zone'),
  ('datasets.id', 'uuid not null default gen_random_uuid()'),
  ('datasets.user_id', 'uuid not null'),
  ('datasets.name', 'character varying(255) not null'),
  ('datasets.file_path', 'character varying(500)'),
  ('datasets.connection_id', 'uuid'),
  ('datasets.row_count', 'integer'),
  ('datasets.column_count', 'integer'),
  ('datasets.size_bytes', 'bigint'),
  ('datasets.created_at', 'timestamp with time zone not null default now()'),
  ('datasets.updated_at', 'timestamp with time zone not null default now()'),
  ('analyses.id', 'uuid not null default gen_random_uuid()'),
  ('analyses.user_id', 'uuid not null'),
  ('analyses.name', 'character varying(255) not null'),
  ('analyses.dataset_id', 'uuid'),
  ('analyses.config', 'jsonb'),
  ('analyses.results', 'jsonb'),
  ('analyses.status', 'character varying(50) not null default ''draft''::character varying'),
  ('analyses.created_at', 'timestamp with time zone not null default now()'),
  ('analyses.updated_at', 'timestamp with time zone not null default now()'),
  ('reports.id', 'uuid not null default gen_random_uuid()'),
  ('reports.analysis_id', 'uuid not null'),
  ('reports.user_id', 'uuid not null'),
  ('reports.short_code', 'character varying(20) not null'),
  ('reports.is_public', 'boolean not null default true'),
  ('reports.password_hash', 'character varying(255)'),
  ('reports.expires_at', 'timestamp with time zone'),
  ('reports.view_count', 'integer not null default 0'),
  ('reports.created_at', 'timestamp with time zone not null default now()'),
  ('reports.updated_at', 'timestamp with time zone not null default now()');
SELECT is(c.fact, w.fact, 'column ' || w.col) FROM wanted w LEFT JOIN columns c USING (col) ORDER BY w.n;
SELECT set_eq($$ SELECT col FROM columns WHERE rel IN ('users', 'usage_tracking', 'datasets', 'analyses', 'reports') $$, 'SELECT col FROM wanted',
  'the document''s tables have these columns, reports.user_id, and no others');

SELECT col_is_pk('iops', t, 'id', 'primary key of ' || t) FROM unnest('{users,datasets,analyses,reports}'::name[]) t;

-- What the document calls indexes, under its names. Those of usage_tracking have nothing to be on: it is a view.
CREATE TEMP TABLE wanted_indexes (name text, def text);
INSERT INTO wanted_indexes VALUES
  ('idx_users_email', 'UNIQUE INDEX idx_users_email ON iops.users USING btree (email)'),
  ('idx_users_tier', 'INDEX idx_users_tier ON iops.users USING btree (tier)'),
  ('idx_users_stripe_customer_id', 'INDEX idx_users_stripe_customer_id ON iops.users USING btree (stripe_customer_id)'),
  ('idx_datasets_user_id', 'INDEX idx_datasets_user_id ON iops.datasets USING btree (user_id)'),
  ('idx_datasets_connection_id', 'INDEX idx_datasets_connection_id ON iops.datasets USING btree (connection_id)'),
  ('idx_datasets_created_at', 'INDEX idx_datasets_created_at ON iops.datasets USING btree (created_at)'),
  ('idx_analyses_user_id', 'INDEX idx_analyses_user_id ON iops.analyses USING btree (user_id)'),
  ('idx_analyses_dataset_id', 'INDEX idx_analyses_dataset_id ON iops.analyses USING btree (dataset_id)'),
  ('idx_analyses_status', 'INDEX idx_analyses_status ON iops.analyses USING btree (status)'),
  ('idx_analyses_created_at', 'INDEX idx_analyses_created_at ON iops.analyses USING btree (created_at)'),
  ('idx_reports_short_code', 'UNIQUE INDEX idx_reports_short_code ON iops.reports USING btree (short_code)'),
  ('idx_reports_analysis_id', 'INDEX idx_reports_analysis_id ON iops.reports USING btree (analysis_id)'),
  ('idx_reports_expires_at', 'INDEX idx_reports_expires_at ON iops.reports USING btree (expires_at)');
SELECT is((SELECT substr(indexdef, 8) FROM pg_indexes WHERE schemaname = 'iops' AND indexname = w.name), w.def, 'index ' || w.name) FROM wanted_indexes w;
SELECT is_empty($$ SELECT a.indexrelid::regclass, b.indexrelid::regclass FROM pg_index a JOIN pg_index b USING (indrelid) JOIN pg_class c ON c.oid = indrelid
    WHERE c.relnamespace = 'iops'::regnamespace AND a.indexrelid < b.indexrelid AND a.indkey::text = b.indkey::text $$, 'no two indexes on the same columns');

-- Each foreign key has an index that begins with its columns, or deleting what it refers to reads the whole table.
SELECT is_empty($$
  SELECT c.conrelid::regclass, c.conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid AND NOT r.relispartition
  WHERE c.contype = 'f' AND c.connamespace = 'iops'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]) $$, 'each foreign key has an index');

SELECT is_empty($$ SELECT col FROM columns WHERE col ~ '[._]id$' AND col !~ '\.stripe_' AND col NOT IN ('analytics_events.id', 'embed_analytics.id', 'activity_log.id', 'activity_log.resource_id') AND fact !~ '^uuid' $$,
  'ids are native uuid');
SELECT is_empty($$ SELECT col FROM columns WHERE col ~ '_at$' AND fact !~ '^timestamp with time zone' $$, 'times are timestamptz');

-- Tables, columns, keys: as the document has them.

SELECT is(pg_temp.columns('organizations'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, domain varchar(255), slug varchar(100) not null, description text, '
  'settings jsonb default ''{}'', created_at timestamptz default now(), updated_at timestamptz default now(), is_active boolean default true, '
  'subscription_tier varchar(50) default ''free'', subscription_expires_at timestamptz, max_users integer default 10, max_reports integer default 100, storage_limit_gb integer default 5',
  'organizations: columns');
SELECT is(pg_temp.keys('organizations'), 'PRIMARY KEY (id), UNIQUE (name), UNIQUE (slug)', 'organizations: keys');
SELECT is(pg_temp.columns('users'), 'id uuid not null default gen_random_uuid(), email varchar(255) not null, username varchar(100) not null, password_hash varchar(255) not null, '
  'first_name varchar(100) not null, last_name varchar(100) not null, organization_id uuid not null, role varchar(50) not null default ''user'', preferences jsonb default ''{}'', '
  'created_at timestamptz default now(), updated_at timestamptz default now(), is_active boolean default true, last_login timestamptz, email_verified boolean default false, '
  'phone varchar(20), timezone varchar(50) default ''UTC'', language varchar(10) default ''en''', 'users: columns');
SELECT is(pg_temp.keys('users'), 'PRIMARY KEY (id), UNIQUE (email), UNIQUE (username), FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE', 'users: keys');
SELECT is(pg_temp.columns('templates'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, description text, organization_id uuid not null, created_by uuid not null, '
  'template_type varchar(50) not null, structure jsonb not null default ''{}'', parameters jsonb default ''{}'', configuration jsonb default ''{}'', is_active boolean default true, '
  'is_public boolean default false, created_at timestamptz default now(), updated_at timestamptz default now(), version integer not null default 1, parent_template_id uuid', 'templates: columns');
SELECT is(pg_temp.keys('templates'), 'PRIMARY KEY (id), UNIQUE (organization_id, name, version), FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (parent_template_id) REFERENCES templates(id)', 'templates: keys');
SELECT is(pg_temp.columns('reports'), 'id uuid not null default gen_random_uuid(), name varchar(255) not null, description text, template_id uuid not null, organization_id uuid not null, '
  'created_by uuid not null, parameters jsonb default ''{}'', configuration jsonb default ''{}'', status varchar(50) default ''draft'', priority integer default 5, scheduled_at timestamptz, '
  'created_at timestamptz default now(), updated_at timestamptz default now(), last_executed timestamptz, execution_count integer default 0', 'reports: columns');
SELECT is(pg_temp.keys('reports'), 'PRIMARY KEY (id), UNIQUE (id, organization_id), FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (template_id) REFERENCES templates(id) ON DELETE RESTRICT', 'reports: keys');
SELECT is(pg_temp.columns('report_executions'), 'id uuid not null default gen_random_uuid(), report_id uuid not null, organization_id uuid not null, executed_by uuid not null, '
  'status varchar(50) default ''running'', started_at timestamptz not null default now(), completed_at timestamptz, execution_time_ms integer, result_size_bytes bigint, '
  'output_format varchar(20), output_url text, error_message text, metadata jsonb default ''{}''', 'report_executions: columns');
SELECT is(pg_temp.keys('report_executions'), 'PRIMARY KEY (id, started_at), FOREIGN KEY (executed_by) REFERENCES users(id) ON DELETE RESTRICT, '
  'FOREIGN KEY (organization_id) REFERENCES organizations(id) ON DELETE CASCADE, FOREIGN KEY (report_id, organization_id) REFERENCES reports(id, organization_id) ON DELETE CASCADE',
  'report_executions: keys');
SELECT is(pg_temp.columns('audit_logs'), 'id uuid, user_id uuid, organization_id uuid, action varchar(100), resource_type varchar(50), resource_id uuid, old_values jsonb, new_values jsonb, '
  'ip_address inet, user_agent text, timestamp timestamptz, session_id uuid', 'audit_logs: columns');
SELECT is(pg_temp.columns('schema_migrations'), 'version varchar(255) not null, applied_at timestamptz default now(), rollback_sql text, checksum varchar(64), '
  'applied_by varchar(255) default CURRENT_USER', 'schema_migrations: columns');
SELECT is(pg_temp.keys('schema_migrations'), 'PRIMARY KEY (version)', 'schema_migrations: keys');
SELECT has_table('oatie', rel, rel || ': is there') FROM unnest('{user_sessions,template_fields,report_shares,execution_logs}'::name[]) rel;
SELECT results_eq($$ SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confdeltype = 'c'
    AND conrelid IN ('user_sessions'::regclass, 'template_fields'::regclass, 'report_shares'::regclass, 'execution_logs'::regclass) AND conparentid = 0 ORDER BY 1, 2 $$,
  $$ VALUES ('execution_logs', 'report_executions'), ('report_shares', 'reports'), ('report_shares', 'users'), ('template_fields', 'templates'), ('user_sessions', 'users') $$,
  'the relationships of the diagram that the document does not define');

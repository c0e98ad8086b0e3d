-- The same people and reports for both ways, in the tables of examples/iops/schema.sql. Variable: users.

-- The n-th of something: pgbench has numbers only.
CREATE FUNCTION numbered(kind text, n int) RETURNS uuid IMMUTABLE LANGUAGE sql AS
$$ SELECT ('0000000' || kind || '-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid $$;

-- Customers of tier free, who are near their limits: one dataset of five is there.
INSERT INTO users (id, email, password_hash) SELECT numbered('a', n), format('customer%s@example.org', n), '$2a$10$' || repeat('a', 53) FROM generate_series(1, :users) n;
INSERT INTO datasets (user_id, name, file_path, row_count, column_count, size_bytes)
SELECT numbered('a', n), 'Orders, first week', format('datasets/%s/first', numbered('a', n)), 6000, 12, 512000 FROM generate_series(1, :users) n;

-- Authors of tier pro, each with an analysis that is published.
INSERT INTO users (id, email, password_hash, tier) SELECT numbered('b', n), format('author%s@example.org', n), '$2a$10$' || repeat('b', 53), 'pro' FROM generate_series(1, 1000) n;
INSERT INTO analyses (id, user_id, name, config, results, status)
SELECT numbered('c', n), numbered('b', n), 'Orders by week ' || n, '{"group_by": "week"}', '{"weeks": 4, "orders": 10000, "series": [2210, 2480, 2605, 2705]}', 'completed'
FROM generate_series(1, 1000) n;
CREATE TABLE codes (n int PRIMARY KEY, short_code text NOT NULL);
INSERT INTO codes SELECT n, publish_report(numbered('c', n)) FROM generate_series(1, 1000) n;

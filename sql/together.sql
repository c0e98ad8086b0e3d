-- Parts of steward on the same tables.
SET client_min_messages = warning;
SET TimeZone = 'UTC';
SET DateStyle = 'ISO';
SET steward.now = '2026-01-15 12:00+00';

-- A table that is audited by itself and as a partition: what ends is what is named.
CREATE TABLE tog_all (id int PRIMARY KEY, s text) PARTITION BY RANGE (id);
CREATE TABLE tog_one (id int PRIMARY KEY, s text);
SELECT steward.audit_table('tog_all'), steward.audit_table('tog_one', redact_cols => '{s}') \g /dev/null
ALTER TABLE tog_all ATTACH PARTITION tog_one FOR VALUES FROM (0) TO (10);
SELECT steward.unaudit_table('tog_all') \g /dev/null
INSERT INTO tog_one VALUES (1, 'a');
ALTER TABLE tog_all DETACH PARTITION tog_one;
INSERT INTO tog_one VALUES (2, 'b');
SELECT rel_name, action, row_key FROM steward.audit_log WHERE rel_name ~ '^tog' ORDER BY id;
SELECT steward.audit_table('tog_all') \g /dev/null
ALTER TABLE tog_all ATTACH PARTITION tog_one FOR VALUES FROM (0) TO (10);
SELECT steward.unaudit_table('tog_one') \g /dev/null
TRUNCATE tog_one;
SELECT rel_name, action, row_key FROM steward.audit_log WHERE rel_name = 'tog_all' ORDER BY row_key;
-- What leaves keeps nothing of it.
ALTER TABLE tog_all DETACH PARTITION tog_one;
SELECT count(*) FROM pg_trigger WHERE tgrelid = 'tog_one'::regclass;
SELECT steward.unaudit_table('tog_all') \g /dev/null
DROP TABLE tog_all, tog_one;
-- A table of which no word is in the log yet: a dump is being restored, and its ALTER TABLE tells nothing.
CREATE TABLE tog_restored (id int PRIMARY KEY);
SELECT steward.audit_table('tog_restored') \g /dev/null
BEGIN;
DELETE FROM steward._audit_versions WHERE rel_name = 'tog_restored';
ALTER TABLE tog_restored ADD s text;
SELECT count(*) FROM steward._audit_versions WHERE rel_name = 'tog_restored';
ROLLBACK;
SELECT steward.unaudit_table('tog_restored') \g /dev/null
DROP TABLE tog_restored;

-- What has left with its partition is counted to the end: it may come back, or is an archive.
CREATE FUNCTION tog_id(month text, n int) RETURNS uuid LANGUAGE sql AS $$
  SELECT (lpad(to_hex(floor(extract(epoch FROM (month || '-05')::timestamptz) * 1000)::bigint), 12, '0') || '7000a0000000' || lpad(n::text, 8, '0'))::uuid $$;
CREATE TABLE tog_orgs (id int PRIMARY KEY);
CREATE TABLE tog_pages (id uuid PRIMARY KEY, views bigint NOT NULL DEFAULT 0, seen timestamptz, org int REFERENCES tog_orgs) PARTITION BY RANGE (id);
SELECT steward.manage_partitions('tog_pages', every => '1 month', retention => '1 month', premake => 2, time_zone => 'UTC'), steward.create_counter('tog_pages', 'views', last_col => 'seen') \g /dev/null
INSERT INTO tog_orgs VALUES (1);
INSERT INTO tog_pages (id, org) SELECT tog_id('2026-01', n), 1 FROM generate_series(1, 3) n;
SELECT steward.hit('tog_pages', id, 5) FROM tog_pages \g /dev/null
CALL steward.fold_counters('tog_pages');
SELECT steward.hit('tog_pages', id, 100) FROM tog_pages \g /dev/null
SET steward.now = '2026-03-10 12:00+00';
CALL steward.maintain_partitions('tog_pages');
CALL steward.fold_counters('tog_pages');
SELECT key FROM steward.counts('tog_pages');
SELECT views, seen IS NOT NULL AS seen FROM tog_pages_y2026m01;
-- Names have changed meanwhile: what the set has itself it has again.
ALTER TABLE tog_orgs RENAME TO tog_organizations;
SELECT steward.restore_partition('tog_pages_y2026m01');
SELECT value FROM steward.counts('tog_pages');
SELECT conname, convalidated FROM pg_constraint WHERE conrelid = 'tog_pages_y2026m01'::regclass AND contype = 'f';

-- Somebody has thought better of a retention: what is in the bin stays there, and has a place to come back to.
SELECT steward.unhold_partition('tog_pages_y2026m01') \g /dev/null
CALL steward.maintain_partitions('tog_pages');
SELECT steward.manage_partitions('tog_pages', retention => '10 years', since => '2026-01-01') \g /dev/null
SELECT partition_name, state FROM steward.partitions WHERE rel = 'tog_pages'::regclass ORDER BY 1;
SET steward.now = '2026-04-01 12:00+00';
SELECT action, partition_name, reason FROM steward.plan_partitions('tog_pages') WHERE action <> 'create';
CALL steward.maintain_partitions('tog_pages');
SELECT steward.restore_partition('tog_pages_y2026m01');
SELECT count(*) FROM tog_pages;
-- An archive is told, too; the one that left last.
SELECT steward.manage_partitions('tog_pages', retention => '1 month', retention_action => 'detach') \g /dev/null
SELECT steward.unhold_partition(part) FROM (SELECT part FROM steward.held_partitions WHERE part = 'tog_pages_y2026m01'::regclass) h \g /dev/null
SELECT steward.hit('tog_pages', id, 1000) FROM tog_pages \g /dev/null
CALL steward.maintain_partitions('tog_pages');
CALL steward.fold_counters('tog_pages');
SELECT views FROM tog_pages_y2026m01;
SELECT action, partition_name FROM steward.plan_partitions('tog_pages') WHERE action <> 'create';
DROP TABLE tog_pages_y2026m01;
SELECT steward.unmanage_partitions('tog_pages'), steward.drop_counter('tog_pages', 'views') \g /dev/null
DROP TABLE tog_pages, tog_organizations;
DROP FUNCTION tog_id;

-- What goes with its session has no maintenance.
CREATE TEMP TABLE tog_temporary (id bigint, at timestamptz NOT NULL) PARTITION BY RANGE (at);
SELECT steward.manage_partitions('tog_temporary', every => '1 day');
DROP TABLE tog_temporary;

-- The data of a dump may come before the series, with codes that it has given.
SELECT steward.create_series('tog', 6, 1, '\x2b7e151628aed2a6abf7158809cf4f3c') \g /dev/null
CREATE TABLE tog_links (id int, code text UNIQUE);
SELECT steward.assign_codes('tog_links', 'code', series => 'tog') \g /dev/null
DELETE FROM steward._series WHERE series = 'tog';
\c -
INSERT INTO tog_links VALUES (1, 'abcdefg');
INSERT INTO tog_links VALUES (2);
\c -
INSERT INTO steward._series (series, length, check_chars, key) VALUES ('tog', 6, 1, '\x2b7e151628aed2a6abf7158809cf4f3c');
INSERT INTO tog_links VALUES (3, 'abcdefgh');
INSERT INTO tog_links VALUES (4);
SELECT id, length(code) FROM tog_links ORDER BY id;
DROP TABLE tog_links;
SELECT steward.drop_series('tog') \g /dev/null

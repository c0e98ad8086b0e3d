-- iOps: what its document says, rule by rule. It is March 2026, and the sample data is there.
SET search_path = iops, public;
SET steward.now = '2026-03-10 12:00+00';
SET client_min_messages = warning;
SELECT no_plan();
\ir iops/helpers.sql
\ir iops/schema.sql
\ir iops/future.sql
\ir iops/rows.sql
\ir iops/limits.sql
\ir iops/usage.sql
\ir iops/reports.sql
\ir iops/audit.sql
\ir iops/partitions.sql
\ir iops/security.sql
SELECT * FROM finish();

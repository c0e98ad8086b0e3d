# Limits under load: tenants with limits, what clients do with them, and whether what is there is what is recorded.
package Limiting;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep);
use Steward;

our @EXPORT = qw(create_tenants squeeze some_work start_work acknowledged_grants wait_for_grants is_exact goes_to_the_limit);

# Tenants 1 (hot, soon at its limits), 2 .. n-1 (far from them), n (without limits). Calls are consumed, slots consumed and
# released, documents are rows of a table. Whatever is granted by call has a row in granted, written by the same transaction.
my $tenants = 12;
my @meters = qw(calls documents slots);

sub create_tenants {
  my ($node) = @_;
  $node->safe_psql('postgres', qq{
    CREATE EXTENSION steward;
    CREATE TABLE tenants (id bigint PRIMARY KEY, tier text NOT NULL);
    CREATE TABLE granted (id bigserial PRIMARY KEY, tenant bigint NOT NULL, meter text NOT NULL, n bigint NOT NULL);
    CREATE TABLE documents (id bigserial PRIMARY KEY, tenant bigint NOT NULL);
    CREATE INDEX ON documents (tenant);
    INSERT INTO tenants SELECT n, CASE n WHEN $tenants THEN 'unlimited' ELSE 'large' END FROM generate_series(1, $tenants) n;
    SELECT steward.define_tier('large', 0), steward.define_tier('unlimited', 1), steward.bind_subjects('tenants', 'tier');
    SELECT steward.define_meter('calls', 'tenants', 'metered', 'year'), steward.define_meter('slots', 'tenants', 'standing'),
      steward.define_meter('documents', 'tenants', 'standing');
    SELECT steward.set_limit('large', m, 100000), steward.set_limit('unlimited', m, NULL) FROM unnest('{calls,slots,documents}'::text[]) m;
    INSERT INTO documents (tenant) SELECT id FROM tenants, generate_series(1, 10);
    SELECT steward.limit_rows('documents', 'tenant', 'documents');
    INSERT INTO documents (tenant) SELECT id FROM tenants, generate_series(1, 10);
    -- So many that giving back never meets 0, below which nothing is given.
    SELECT steward.consume(id, 'slots', 1000) FROM tenants;
    INSERT INTO granted (tenant, meter, n) SELECT id, 'slots', 1000 FROM tenants});
}

sub used_of { my ($tenant, $meter) = @_; return "(SELECT used FROM steward.usage($tenant) WHERE meter = '$meter')" }

# What a tenant may have from here on.
sub allow_more {
  my ($node, $tenant, %more) = @_;
  $node->safe_psql('postgres', join ';', map { "SELECT steward.override_limit($tenant, '$_', " . used_of($tenant, $_) . " + $more{$_})" } sort keys %more);
}

# The hot tenant's limits are met soon.
sub squeeze { my ($node) = @_; allow_more($node, 1, calls => 60, slots => 4, documents => 4) }

# One line for psql. A grant is printed only by a statement whose result comes after its commit: one that is alone, or
# the last one of a message.
sub grant {
  my ($tenant, $meter, $n) = @_;
  return "INSERT INTO granted (tenant, meter, n) SELECT $tenant, '$meter', $n WHERE steward.try_consume($tenant, '$meter', $n)";
}
sub one_document { my ($tenant) = @_; return "(SELECT id FROM documents WHERE tenant = $tenant LIMIT 1 FOR UPDATE SKIP LOCKED)" }

my @calls = (
  sub { grant($_[0], 'calls', 1) . " RETURNING 'granted', id;" },
  sub { grant($_[0], 'slots', 1) . " RETURNING 'granted', id;" },
  sub { grant($_[1], 'calls', 3) . '\; ' . grant($_[0], 'calls', 2) . " RETURNING 'granted', id;" },
  # Fails as a whole when there is not enough.
  sub { "BEGIN; SELECT FROM (SELECT steward.consume($_[0], 'calls', 4)) c; INSERT INTO granted (tenant, meter, n) VALUES ($_[0], 'calls', 4); COMMIT;" },
  sub { 'BEGIN; ' . grant($_[0], 'calls', 1) . '; SAVEPOINT a; ' . grant($_[0], 'slots', 2) . '; ' . grant($_[1], 'calls', 5)
      . '; ROLLBACK TO a; ' . grant($_[1], 'slots', 1) . '; SAVEPOINT b; ' . grant($_[0], 'calls', 1) . '; RELEASE b; COMMIT;' },
  sub { 'BEGIN; ' . grant($_[0], 'calls', 2) . '; SAVEPOINT a; ' . grant($_[0], 'slots', 1) . '; ROLLBACK;' },
  sub { "BEGIN; SELECT steward.release($_[0], 'slots'); INSERT INTO granted (tenant, meter, n) VALUES ($_[0], 'slots', -1); COMMIT;" },
  # Gives back, uses that itself, and takes one of the two back.
  sub { "BEGIN; SELECT steward.release($_[0], 'slots', 2); INSERT INTO granted (tenant, meter, n) VALUES ($_[0], 'slots', -2); "
      . grant($_[0], 'slots', 1) . '; SAVEPOINT a; ' . grant($_[0], 'slots', 1) . '; ROLLBACK TO a; COMMIT;' });
my @rows = (
  sub { "INSERT INTO documents (tenant) VALUES ($_[0]);" },
  sub { "INSERT INTO documents (tenant) VALUES ($_[0]), ($_[1]), ($_[0]);" },
  sub { "DELETE FROM documents WHERE id IN @{[ one_document($_[0]) ]};" },
  sub { "DELETE FROM documents WHERE id IN @{[ one_document($_[0]) ]};" },
  sub { "UPDATE documents SET tenant = $_[1] WHERE id IN @{[ one_document($_[0]) ]};" },
  sub { "BEGIN; INSERT INTO documents (tenant) VALUES ($_[1]); SAVEPOINT a; INSERT INTO documents (tenant) SELECT $_[1] FROM generate_series(1, 20);"
      . " ROLLBACK TO a; DELETE FROM documents WHERE id IN @{[ one_document($_[0]) ]}; COMMIT;" },
  sub { "BEGIN; DELETE FROM documents WHERE id IN @{[ one_document($_[0]) ]}; INSERT INTO documents (tenant) VALUES ($_[0]); ROLLBACK;" });

sub some_tenant { return rand() < 0.4 ? 1 : 2 + int(rand($tenants - 1)) }
sub some_work {
  my $kinds = rand() < 0.5 ? \@calls : \@rows;
  return $kinds->[rand @$kinds]->(some_tenant(), some_tenant());
}

# Clients that go on when a limit is met.
sub start_work {
  my ($node, $clients) = @_;
  return start_clients($node, $clients, \&some_work, first => '\set ON_ERROR_STOP 0');
}

# The numbers of the grants that clients have been told of.
sub acknowledged_grants {
  my ($clients) = @_;
  return map { slurp_file($_->{out}) =~ /^granted\|(\d+)$/mg } @$clients;
}

# Until they have been told of so many.
sub wait_for_grants {
  my ($clients, $wanted) = @_;
  for (1 .. 300) {
    return if acknowledged_grants($clients) >= $wanted;
    sleep 0.1;
  }
  die 'too few grants';
}

# Everything that is not as it must be: who has granted rows or documents other than what was used, in all the ways to
# ask for that; who has used more than allowed; what is held though nobody is there.
sub is_exact {
  my ($node, $name) = @_;
  my $faults = $node->safe_psql('postgres', q{
    WITH granted AS (SELECT tenant, meter, sum(n) AS n FROM granted GROUP BY 1, 2 UNION ALL SELECT tenant, 'documents', count(*) FROM documents GROUP BY 1),
      recorded AS (
        SELECT subject::bigint AS tenant, m.meter, sum(n) AS n
        FROM (SELECT meter, subject, used AS n FROM steward._usage UNION ALL SELECT meter, subject, n FROM steward._ledger) r
          JOIN steward._meters m ON m.id = r.meter GROUP BY 1, 2),
      stands AS (
        SELECT t.id, u.meter, COALESCE(g.n, 0) AS granted, COALESCE(r.n, 0) AS recorded, u.used, u.held, u.max
        FROM tenants t CROSS JOIN steward.usage(t.id) u LEFT JOIN granted g ON (g.tenant, g.meter) = (t.id, u.meter)
          LEFT JOIN recorded r ON (r.tenant, r.meter) = (t.id, u.meter))
    SELECT 'stands', s::text FROM stands s WHERE granted <> used OR recorded <> used OR held <> 0 OR used > max
    UNION ALL SELECT 'verify_limits', v::text FROM steward.verify_limits() v});
  is($faults, '', "$name: used is what is there, and no more than allowed; nothing is held");
  is($node->safe_psql('postgres', q{SELECT c FROM steward._limit_cells c WHERE held <> 0 OR giving <> 0}), '', "$name: no cell holds or promises anything")
    if $node->safe_psql('postgres', 'SELECT pg_is_in_recovery()') eq 'f';
}

# A tenant that is allowed so much more gets that, piece by piece, and nothing beyond it.
sub goes_to_the_limit {
  my ($node, $tenant, $name) = @_;
  allow_more($node, $tenant, map { $_ => 3 } @meters);
  my ($out, $err);
  $node->psql('postgres', join("\n", '\set VERBOSITY sqlstate',
      map { my $meter = $_; ($meter eq 'documents' ? "INSERT INTO documents (tenant) VALUES ($tenant) RETURNING '$meter';"
        : grant($tenant, $meter, 1) . " RETURNING '$meter';") x 5 } @meters),
    stdout => \$out, stderr => \$err, on_error_stop => 0);
  is_deeply([ split /\n/, $out ], [ map { ($_) x 3 } @meters ], "$name: tenant $tenant goes exactly to the limit");
  is_deeply([ $err =~ /ERROR:  (\w+)/g ], [ 'QL002', 'QL002' ], "$name: and no further");
}

1;

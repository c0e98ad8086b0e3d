# The errors of limits as an application gets them: it goes by SQLSTATE, shows HINT, and reads DETAIL as JSON.
use strict;
use warnings;
use IPC::Open2;
use JSON::PP;
use Test::More;

my $pid = open2(my $from, my $to, shift @ARGV, 2);
# Runs a statement on a connection: its first value, or what is said of the error.
sub ask {
  my ($connection, @parts) = @_;
  print {$to} join("\t", $connection, @parts), "\n";
  $to->flush;
  defined(my $line = <$from>) or die 'the driver is gone';
  chomp $line;
  my ($kind, @fields) = split /\t/, $line, -1;
  return $fields[0] if $kind eq 'result';
  my %error;
  @error{qw(sqlstate message detail hint schema table column)} = @fields;
  return \%error;
}

for my $statement (q{SET steward.now = '2026-03-10 12:00+00'}, q{SET steward.limit_wait = 0}) {
  ask($_, $statement) for 0, 1;
}
ask(0, $_) for q{CREATE TABLE accounts (id bigint PRIMARY KEY, plan text NOT NULL DEFAULT 'small', "max ""Seats""" int)}, q{INSERT INTO accounts VALUES (1, 'small', 2)},
  q{SELECT steward.define_tier('small', 0), steward.define_tier('large', 1), steward.bind_subjects('accounts', tier_col => 'plan')},
  q{SELECT steward.define_meter('"quoted" \\ é', 'accounts', 'metered', 'month'), steward.define_meter('seats', 'accounts', 'standing', max_col => 'max "Seats"'), steward.define_meter('exports', 'accounts', 'metered', 'day')},
  q{SELECT steward.set_limit('small', '"quoted" \\ é', 10), steward.set_limit('large', '"quoted" \\ é', NULL), steward.set_limit('small', 'exports', 0), steward.set_limit('large', 'exports', 5)};

my $consume = 'SELECT steward.consume($1, $2, $3)';
my $odd = '"quoted" \\ é';
# An error, and what is in its DETAIL, whose numbers are numbers.
sub refused {
  my ($name, $error, $sqlstate, $column, $hint, %detail) = @_;
  return fail("$name: not refused, but $error") unless ref $error;
  is($error->{sqlstate}, $sqlstate, "$name: SQLSTATE");
  is("$error->{schema}.$error->{table}.$error->{column}", "public.accounts.$column", "$name: TABLE and COLUMN");
  like($error->{hint}, $hint, "$name: HINT");
  my $read = eval { JSON::PP->new->utf8->decode($error->{detail}) };
  my $expected = JSON::PP->new->utf8->canonical;
  is(defined $read ? $expected->encode($read) : $error->{detail}, $expected->encode(\%detail), "$name: DETAIL is JSON and says it all");
}

is(ask(0, $consume, 1, $odd, 8), '2', 'what remains');
my $name = JSON::PP->new->utf8->decode(qq{["\\"quoted\\" \\\\ é"]})->[0];
my %calls = (meter => $name, subject => '1', tier => 'small', max => 10, resets_at => '2026-04-01T00:00:00Z');
refused('QL001', ask(0, $consume, 1, $odd, 3), 'QL001', 'plan', qr/^Tier "large" is unlimited\. It resets at 2026-04-01T00:00:00Z\.$/, %calls, used => 8, held => 0, requested => 3, remaining => 2);
is(ask(0, $consume, 1, 'seats', 2), '0', 'and of what is standing');
refused('QL002', ask(0, $consume, 1, 'seats', 1), 'QL002', 'max "Seats"', qr/^The limit is the subject's own, in column "max "Seats""\.$/,
  meter => 'seats', subject => '1', tier => 'small', used => 2, held => 0, requested => 1, max => 2, remaining => 0, resets_at => undef);
refused('QL004', ask(0, $consume, 1, 'exports', 1), 'QL004', 'plan', qr/^Tier "large" allows 5\.$/,
  meter => 'exports', subject => '1', tier => 'small', used => 0, held => 0, requested => 1, max => 0, remaining => 0, resets_at => '2026-03-11T00:00:00Z');
ask(1, 'BEGIN');
ask(1, $consume, 1, $odd, 1);
refused('QL008', ask(0, $consume, 1, $odd, 2), 'QL008', 'plan', qr/^Try again\.$/, %calls, used => 8, held => 1, requested => 2, remaining => 1);
is(ask(0, 'SELECT steward.try_consume($1, $2, $3)', 1, $odd, 2), 'f', 'which is false for those who only try');
ask(1, 'ROLLBACK');
is(ask(0, $consume, 1, $odd, 2), '0', 'and may be had once the other has let go');

close $to;
waitpid $pid, 0;
done_testing();

#!/usr/bin/perl
# Runs the SQL blocks of a document in one session and compares what psql prints with the text blocks behind them.
# Usage: examples.pl PSQL DOCUMENT; prints TAP.
use strict;
use warnings;

my ($psql, $document) = @ARGV;
open my $in, '<', $document or die "$document: $!";
my $text = do { local $/; <$in> };

my @examples;
while ($text =~ /^```sql\n(.*?)^```\n(?:```text\n(.*?)^```\n)?/msg) {
  push @examples, { sql => $1, expected => $2, line => 1 + (substr($text, 0, $-[0]) =~ tr/\n//) };
}

# One session, so that examples build on each other; a marker tells their output apart.
my $script = join '', map { "$_->{sql}\n\\echo ==== end\n" } @examples;
open my $out, '>', "$ENV{HOME}/docs.sql" or die $!;
print $out $script;
close $out;
my $output = `'$psql' -X -q -d docs -f "$ENV{HOME}/docs.sql" 2>&1`;
unlink "$ENV{HOME}/docs.sql";
$output =~ s/^psql:[^ ]*: //mg;
my @outputs = split /^==== end\n/m, $output;

print '1..', scalar @examples, "\n";
for my $i (0 .. $#examples) {
  my $example = $examples[$i];
  my $got = $outputs[$i] // '';
  my $ok = defined $example->{expected} ? $got eq $example->{expected} : $got !~ /ERROR|FATAL/;
  print $ok ? '' : 'not ', 'ok ', $i + 1, " - $document, line $example->{line}\n";
  next if $ok;
  print "# expected:\n", map({ "#   $_\n" } split /\n/, $example->{expected} // '(no error)'), "# got:\n",
    map({ "#   $_\n" } split /\n/, $got);
}

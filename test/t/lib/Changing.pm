# Random changes in every way of writing, of three tables with columns of all common types.
package Changing;

use strict;
use warnings;
use Exporter 'import';
use PostgreSQL::Test::Utils;
use Storable 'dclone';

our @EXPORT = qw(create_changing);

# Values as their input functions take them in every session. Left out is what becomes another text without a change of the row, as no log could tell it:
# regclass and the like, and what ALTER TYPE does to enums and composites.
my %values = (
  'boolean' => [qw(t f)],
  'smallint' => [qw(-32768 0 7 32767)],
  'integer' => [qw(-2147483648 0 1 2 3 4711 2147483647)],
  'bigint' => [qw(-9223372036854775808 0 12 9007199254740993 9223372036854775807)],
  'real' => [qw(0.1 -0 1e-45 3.4028235e38 NaN -Infinity 16777216)],
  'double precision' => [qw(0.30000000000000004 0.1 -0 0 5e-324 1.7976931348623157e308 1e15 NaN Infinity -Infinity)],
  'numeric' => [qw(0 0.0 -1.50 1.5 NaN Infinity -Infinity 1e-30 1e60 123456789012345678901234567890.12345678901234567890)],
  'numeric(12,2)' => [qw(0.01 1.50 -99.99 1234567.00 NaN)],
  'money' => [qw(0 12.34 -1234567.89)],
  'text' => ['', 'a', "O'Hara \\ \"x\"\t\n", '***', 'null', "\xc3\xbcn\xc3\xaf \xf0\x9f\x98\x80", \&long],
  'character varying(20)' => ['', 'abc', "a\\b"],
  'character varying(40)' => ['', 'abc', 'longer than before, by far'],
  'character varying' => ['', 'abc', \&long],
  'character(5)' => ['', 'ab', 'abcde'],
  'bytea' => ['', '\\x00ff5c22', sub { '\\x' . long() =~ s/[^0-9a-f]//gr }],
  'date' => ['2026-02-28', '4713-01-01 BC', 'infinity', '5874897-12-31'],
  'timestamp without time zone' => ['2026-03-29 02:30:00.123456', '0044-03-15 12:00:00 BC', '-infinity'],
  'timestamp with time zone' => ['2026-03-29 02:30:00.5+00', '1890-01-01 12:00:00+00', 'infinity', '2026-10-25 01:30:00+02', '0001-01-01 00:00:00+00 BC'],
  'time with time zone' => ['12:00:00.25+05:30', '24:00:00-15:59'],
  'time without time zone' => ['23:59:59.999999', '24:00'],
  'interval' => [qw(P1Y2M-3DT4H5M6.789S PT0S P-1M2DT-0.000001S P1D PT24H)],
  'uuid' => ['01234567-89ab-cdef-0123-456789abcdef', '00000000-0000-0000-0000-000000000000'],
  'inet' => ['192.168.0.1/24', '2001:db8::1'],
  'bit varying' => ['', '101', '1' x 70],
  'json' => ['{"a": 1, "a": [2.50, null]}', '"\\u0000"', '{"k\\u0000": "\\ud83d\\ude00"}', '"\\ud800"', 'null', ' [ ] ', '1e5', '1e1000000', sub { '["' . long() . '"]' }],
  'jsonb' => ['{"b": 1.50, "a": {"c": [null, true, ""]}}', 'null', '[]', '{}', '-1.5e-10', '"a\\"b"', sub { '{"x": "' . long() . '"}' }],
  'integer[]' => ['{}', '{1,NULL,3}', '[0:1]={1,2}', '{{1,2},{3,4}}', '[2:2][1:2]={{1,2}}', '{{{1},{NULL}}}'],
  'text[]' => ['{}', '{a,NULL,"NULL","","\\""}', '[-1:0]={x,y}', '{{a,b}}', sub { '{' . long() . '}' }],
  'double precision[]' => ['{NaN,1.5,-Infinity,NULL,0.30000000000000004}', '[5:5]={-0}'],
  'timestamp with time zone[]' => ['{"2026-01-01 00:00:00+00",infinity,NULL}'],
  'json[]' => ['{}', '{1,"{\\"a\\": [1, 2]}",NULL,"\\"\\\\u0000\\""}'],
  'mood' => ['sad', 'so "so"', "\xc3\xbcnhappy"],
  'mood[]' => ['{sad,NULL,"so \\"so\\""}', '{{sad},{NULL}}'],
  'pair' => ['(1,NaN,"2026-01-01 00:00:00+00","P1D","{1,2}","\\\\x00ff")', '(,,,,,)', '(2,1.50,,,{},)'],
  'pair[]' => ['{"(1,2.0,,,,)",NULL}', '{}'],
  'positive' => [qw(0.01 1.50 99999.99)],
  'words' => ['{x,NULL}', '{}', '[0:0]={y}'],
  'int4range' => ['empty', '[1,5)', '(,)'],
  'numrange' => ['(1.10,2.20]', '[NaN,NaN]'],
  'tstzrange' => ['["2026-01-01 00:00:00+00",)', 'empty'],
  'floats' => ['[0.1,0.30000000000000004)'],
  'int4multirange' => ['{}', '{[1,3),[5,6)}'],
  'tstzmultirange' => ['{["2026-01-01 00:00:00+00","2026-02-01 00:00:00+00")}'],
  'tsvector' => ["'a':1 'b':2", ''],
  'point' => ['(1.5,-0)', '(0.1,1e300)'],
  'citext' => ['Ab', 'aB', '']);
my @added = ('integer', 'text', 'numeric', 'json', 'integer[]', 'double precision', 'timestamp with time zone', 'pair', 'character varying(20)', 'smallint', 'interval', 'bytea');
# Such as leave each value what it is: what a USING makes of values, and that numeric(14,4) says 1.5000, is rewritten without records.
my %wider = ('smallint' => 'integer', 'integer' => 'bigint', 'character varying(20)' => 'character varying(40)', 'character varying(40)' => 'text', 'numeric(12,2)' => 'numeric');
my @names = ('a', 'b', 'A "quoted" name', 'with space', 'select', "\xc3\xa4", 'x' x 63);

# Of random digits, which do not get small by compression: it stands outside its row.
sub long { return join '', map { sprintf '%08x', rand 2**32 } 1 .. 60 + rand 300 }

sub pick { return $_[rand @_] }
sub quoted { return '"' . $_[0] =~ s/"/""/gr . '"' }
sub literal { my ($value, $type) = @_; return defined $value ? "'" . $value =~ s/'/''/gr . "'::$type" : 'NULL' }

# Things refer to each other, notes and spread to things. Rows that are older than their auditing have the least uids.
sub create_changing {
  my ($node, $old) = @_;
  my $self = bless { node => $node, folder => PostgreSQL::Test::Utils::tempdir(), files => 0, has_merge => $node->pg_version >= 15 }, __PACKAGE__;
  delete $values{citext} if $node->psql('postgres', 'CREATE EXTENSION citext');
  my @types = sort keys %values;
  my $columns = join ', ', map { "c$_ $types[$_]" } 0 .. $#types;
  my $reversed = join ', ', map { "c$_ $types[$_]" } reverse 0 .. $#types;
  $node->safe_psql('postgres', qq{
    CREATE TYPE mood AS ENUM ('sad', 'so "so"', U&'\\00fcnhappy');
    CREATE TYPE pair AS (x int, y numeric, at timestamptz, i interval, list int[], b bytea);
    CREATE DOMAIN positive AS numeric(10, 2) CHECK (VALUE > 0);
    CREATE DOMAIN words AS text[];
    CREATE TYPE floats AS RANGE (subtype = float8);
    CREATE SEQUENCE uids;
    CREATE TABLE things (id bigint PRIMARY KEY, uid bigint NOT NULL DEFAULT nextval('uids'), org text, n int DEFAULT 0, parent bigint REFERENCES things ON UPDATE CASCADE ON DELETE SET NULL,
      touched timestamptz, skipped text, secret text, body text, twice bigint GENERATED ALWAYS AS (n * 2::bigint) STORED, $columns);
    CREATE TABLE notes (id uuid PRIMARY KEY, uid bigint NOT NULL DEFAULT nextval('uids'), org text, n int DEFAULT 0, parent bigint REFERENCES things ON UPDATE CASCADE ON DELETE CASCADE,
      body text, $columns);
    ALTER TABLE notes ALTER body SET STORAGE EXTERNAL;
    CREATE TABLE spread (id bigint, part int, uid bigint NOT NULL DEFAULT nextval('uids'), org text, n int DEFAULT 0, parent bigint REFERENCES things ON UPDATE CASCADE ON DELETE SET NULL,
      touched timestamptz, skipped text, secret text, body text, $columns, PRIMARY KEY (id, part)) PARTITION BY LIST (part);
    CREATE TABLE spread_0 PARTITION OF spread FOR VALUES IN (0);
    -- Its columns are elsewhere, with one between them that is gone.
    CREATE TABLE spread_1 ($reversed, gone int, parent bigint, secret text, body text, skipped text, touched timestamptz, n int DEFAULT 0, org text,
      uid bigint NOT NULL DEFAULT nextval('uids'), part int NOT NULL, id bigint NOT NULL);
    ALTER TABLE spread_1 DROP gone;
    ALTER TABLE spread ATTACH PARTITION spread_1 FOR VALUES IN (1);
    CREATE TABLE spread_2 PARTITION OF spread FOR VALUES IN (2, 3) PARTITION BY RANGE (id);
    CREATE TABLE spread_2a PARTITION OF spread_2 FOR VALUES FROM (MINVALUE) TO (6);
    CREATE TABLE spread_2b PARTITION OF spread_2 DEFAULT;
    CREATE VIEW thing_view AS SELECT id, uid, n, org FROM things;
    INSERT INTO shadowed SELECT slot - 1, rel::regclass, (SELECT COALESCE(array_agg(attnum) FILTER (WHERE attname = 'secret'), '{}') FROM pg_attribute WHERE attrelid = rel::regclass),
      (SELECT COALESCE(array_agg(attnum) FILTER (WHERE attname IN ('touched', 'skipped')), '{}') FROM pg_attribute WHERE attrelid = rel::regclass)
      FROM unnest('{things,notes,spread}'::text[]) WITH ORDINALITY t (rel, slot)});
  $self->read_tables;
  for my $table (@{ $self->{tables} }) {
    my %keys;
    while (keys %keys < $old / 3) { my @key = random_key($table); $keys{"@key"} = \@key }
    $node->safe_psql('postgres', insert_of($table, $_)) for map { $keys{$_} } sort keys %keys;
  }
  create_triggers($node);
  return $self;
}

# What triggers change comes with everything else. Names are looked up, as tables get others; uid, n, part and touched stay.
sub create_triggers {
  my ($node) = @_;
  $node->safe_psql('postgres', q{
    CREATE FUNCTION rel_of(int) RETURNS regclass STABLE LANGUAGE sql AS 'SELECT rel FROM shadowed WHERE slot = $1';
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.touched := clock_timestamp();
      IF NEW.n % 7 = 0 THEN NEW.n := NEW.n + 1; END IF;
      RETURN CASE WHEN NEW.n = 13 THEN NULL ELSE NEW END;
    END $$;
    CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON things FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE TRIGGER touch BEFORE INSERT OR UPDATE ON spread FOR EACH ROW EXECUTE FUNCTION touch();
    -- The same row again, others, and rows that go to another partition.
    CREATE FUNCTION chain() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
      EXECUTE format('UPDATE %s SET n = n + 1 WHERE uid = $1', rel_of(0)) USING NEW.uid;
      EXECUTE format('UPDATE %1$s AS s SET part = (s.part + 1) %% 4, n = s.n + 2 WHERE n %% 9 = $1 %% 9 AND NOT EXISTS (SELECT FROM %1$s o WHERE (o.%2$I, o.part) = (s.%2$I, (s.part + 1) %% 4))', rel_of(2),
        (SELECT attname FROM pg_attribute WHERE attrelid = rel_of(2) AND attnum = 1)) USING NEW.n;
      EXECUTE format('DELETE FROM %s WHERE n %% 10 = 9 AND n %% 7 = $1 %% 7', rel_of(1)) USING NEW.n;
      RETURN NULL;
    END $$;
    CREATE TRIGGER "A chain" AFTER INSERT OR UPDATE ON things FOR EACH ROW WHEN (NEW.n % 5 = 0) EXECUTE FUNCTION chain();
    CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      EXECUTE format('UPDATE %s SET n = n + 1 WHERE n %% 11 = 3', rel_of(2));
      RETURN NULL;
    END $$;
    CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON notes DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.n % 4 = 0) EXECUTE FUNCTION late();
    DO $$
    DECLARE s shadowed; leaf record;
    BEGIN
      FOR s IN SELECT * FROM shadowed LOOP
        EXECUTE format('CREATE TRIGGER " note" AFTER INSERT OR UPDATE OR DELETE ON %s FOR EACH ROW EXECUTE FUNCTION note_op(%s)', s.rel, s.slot);
        EXECUTE format('CREATE TRIGGER " note_truncate" AFTER TRUNCATE ON %s EXECUTE FUNCTION note_op(%s)', s.rel, s.slot);
        FOR leaf IN SELECT relid FROM pg_partition_tree(s.rel) WHERE isleaf AND relid <> s.rel LOOP
          EXECUTE format('CREATE TRIGGER " note_truncate" BEFORE TRUNCATE ON %s EXECUTE FUNCTION note_op(%s)', leaf.relid, s.slot);
        END LOOP;
      END LOOP;
    END $$});
}

# The tables as they are now: names and types of columns, and which is which by its number.
sub read_tables {
  my ($self) = @_;
  my @tables = map { { slot => $_, columns => [] } } 0 .. 2;
  my $rows = $self->{node}->safe_psql('postgres', q{SELECT slot, attnum, attgenerated, rel, format_type(atttypid, atttypmod), attname
    FROM shadowed, pg_attribute WHERE attrelid = rel AND attnum > 0 AND NOT attisdropped ORDER BY slot, attnum});
  for (split /\n/, $rows) {
    my ($slot, $num, $generated, $rel, $type, $name) = split /\|/, $_, 6;
    $tables[$slot]{name} = $rel;
    push @{ $tables[$slot]{columns} }, { num => $num, type => $type, name => $name, generated => $generated };
  }
  $tables[$_]{keys} = 1, $tables[$_]{uid} = 2, $tables[$_]{parent} = 5, $tables[$_]{core} = $_ ? 6 : 10 for 0, 1;
  $tables[2]{keys} = 2, $tables[2]{uid} = 3, $tables[2]{parent} = 6, $tables[2]{core} = 10;
  $self->{tables} = \@tables;
}

sub random_key {
  my ($table) = @_;
  return 1 + int rand 14 if $table->{slot} == 0;
  return sprintf '00000000-0000-4000-8000-%012d', 1 + int rand 14 if $table->{slot} == 1;
  return (1 + int rand 9, int rand 4);
}

sub column { my ($table, $num) = @_; return quoted((grep { $_->{num} && $_->{num} == $num } @{ $table->{columns} })[0]{name}) }
sub key_columns { my ($table) = @_; return map { column($table, $_) } 1 .. $table->{keys} }
sub is_key { my ($table, @key) = @_; my @names = key_columns($table); return join ' AND ', map { "t.$names[$_] = '$key[$_]'" } 0 .. $#names }
sub some_rows { my ($table) = @_; return rand() < 0.6 ? is_key($table, random_key($table)) : 't.n % ' . (2 + int rand 4) . ' = ' . int rand 3 }
sub value_of { my ($column) = @_; my $value = rand() < 0.15 ? undef : pick(@{ $values{ $column->{type} } }); return ref $value ? $value->() : $value }

# Columns that are written by name; of the key and the uid others see to it.
sub writable { my ($table) = @_; return grep { !$_->{generated} && (!$_->{num} || $_->{num} > $table->{uid}) } @{ $table->{columns} } }
sub is_parent { my ($table, $column) = @_; return $column->{num} && $column->{num} == $table->{parent} }

sub some_columns {
  my ($table, $share) = @_;
  return map { { column => $_, name => quoted($_->{name}), value => $_->{name} eq 'n' ? int rand 40 : is_parent($table, $_) ? undef : value_of($_) } }
    grep { $_->{name} ne 'touched' && rand() < $share } writable($table);
}

sub literal_of {
  my ($table, $one) = @_;
  return '(SELECT min(p.id) FROM thing_view p WHERE p.id >= ' . int(rand 16) . ')' if is_parent($table, $one->{column});
  return literal($one->{value}, $one->{column}{type});
}

# Some are set to what they are.
sub assignments {
  my ($table, $alias) = @_;
  my @some = some_columns($table, 0.08) or return 'n = ' . ($alias ? "$alias.n" : 'n') . ' + 1';
  my $from = $alias ? "$alias." : '';
  return join ', ', map { rand() < 0.15 ? "$_->{name} = $from$_->{name}" : "$_->{name} = " . literal_of($table, $_) } @some;
}

sub insert_of {
  my ($table, @keys) = @_;
  my @some = some_columns($table, 0.7);
  return "INSERT INTO $table->{name} AS t (" . join(', ', key_columns($table), map { $_->{name} } @some) . ') VALUES ' .
    join ', ', map { my $key = $_; '(' . join(', ', (map { "'$_'" } @$key), map { literal_of($table, $_) } @some) . ')' } @keys;
}

# Two rows of one statement may have one key; that fails, as it should.
sub new_rows { my ($table) = @_; return map { [ random_key($table) ] } 1 .. 1 + int rand 3 }

my %ways = (
  insert => sub { insert_of($_[1], new_rows($_[1])) },
  insert_do_nothing => sub { insert_of($_[1], new_rows($_[1])) . ' ON CONFLICT DO NOTHING' },
  upsert => sub { my $t = $_[1]; insert_of($t, new_rows($t)) . ' ON CONFLICT (' . join(', ', key_columns($t)) . ') DO UPDATE SET ' . pick('n = t.n + 1, org = excluded.org', assignments($t, 't')) .
    pick('', '', ' WHERE t.n % 2 = 0') },
  copy => sub {
    my ($self, $t) = @_;
    my @some = some_columns($t, 0.5);
    my $file = "$self->{folder}/copy." . ++$self->{files};
    for my $key (new_rows($t)) {
      my @texts = map { !defined ? '\\N' : s/\\/\\\\/gr =~ s/\n/\\n/gr =~ s/\t/\\t/gr } map { is_parent($t, $_->{column}) ? undef : $_->{value} } @some;
      append_to_file($file, join("\t", @$key, @texts) . "\n");
    }
    return "COPY $t->{name} (" . join(', ', key_columns($t), map { $_->{name} } @some) . ") FROM '$file'";
  },
  update => sub { "UPDATE $_[1]{name} AS t SET " . assignments($_[1], 't') . ' WHERE ' . some_rows($_[1]) },
  update_all => sub { "UPDATE $_[1]{name} AS t SET " . assignments($_[1], 't') },
  update_nothing => sub { my @c = grep { $_->{name} ne 'n' } writable($_[1]); my $c = quoted(pick(@c)->{name}); "UPDATE $_[1]{name} SET $c = $c" },
  update_ignored => sub { my $t = $_[0]{tables}[ pick(0, 2) ]; my $c = column($t, $t->{slot} ? 8 : 7); "UPDATE $t->{name} AS t SET $c = '" . rand() . "' WHERE " . some_rows($t) },
  update_from => sub { my $o = pick(@{ $_[0]{tables} }); "UPDATE $_[1]{name} AS t SET " . assignments($_[1], 't') . " FROM $o->{name} AS o WHERE o.n % 5 = t.n % 5 AND " . some_rows($_[1]) },
  update_key => sub {
    my $t = $_[1];
    my @to = random_key($t);
    return "UPDATE $t->{name} AS t SET " . join(', ', (map { (key_columns($t))[$_] . " = '$to[$_]'" } 0 .. $#to), pick((), assignments($t, 't'))) . ' WHERE ' . is_key($t, random_key($t)) .
      " AND NOT EXISTS (SELECT FROM $t->{name} t WHERE " . is_key($t, @to) . ')';
  },
  # A row that is its own parent is changed again by its own foreign key.
  update_own_parent => sub {
    my $t = $_[0]{tables}[0];
    my ($from, $to) = (random_key($t), random_key($t));
    return "UPDATE $t->{name} AS t SET " . column($t, 5) . ' = ' . column($t, 1) . " WHERE " . some_rows($t) . ";\nUPDATE $t->{name} AS t SET " . column($t, 1) . " = $to WHERE " . is_key($t, $from) .
      " AND NOT EXISTS (SELECT FROM $t->{name} t WHERE " . is_key($t, $to) . ')';
  },
  move => sub {
    my $t = $_[0]{tables}[2];
    my ($id, $by) = (column($t, 1), 1 + int rand 3);
    return "UPDATE $t->{name} AS t SET part = (t.part + $by) % 4" . pick('', ', ' . assignments($t, 't')) . " WHERE " . some_rows($t) .
      " AND NOT EXISTS (SELECT FROM $t->{name} o WHERE (o.$id, o.part) = (t.$id, (t.part + $by) % 4))";
  },
  delete => sub { "DELETE FROM $_[1]{name} AS t WHERE " . is_key($_[1], random_key($_[1])) },
  delete_using => sub { my $o = pick(@{ $_[0]{tables} }); "DELETE FROM $_[1]{name} AS t USING $o->{name} AS o WHERE o.n = t.n + 3 AND " . some_rows($_[1]) },
  merge => sub {
    my ($self, $t) = @_;
    return $_[0]->way('upsert', $t) unless $self->{has_merge};
    my @key = map { "k$_" } 1 .. $t->{keys};
    my @names = key_columns($t);
    my %keys = map { ("@$_" => $_) } new_rows($t), new_rows($t);
    return "MERGE INTO $t->{name} AS t USING (VALUES " . join(', ', map { '(' .
      join(', ', map { $t->{slot} == 1 ? "'$_'::uuid" : $_ } @{ $keys{$_} }) . ')' } sort keys %keys) . ') AS s (' . join(', ', @key) . ') ON ' .
      join(' AND ', map { "t.$names[$_] = s.$key[$_]" } 0 .. $#names) . ' WHEN MATCHED AND t.n % 4 = 1 THEN DELETE WHEN MATCHED AND t.n % 4 = 2 THEN DO NOTHING ' .
      'WHEN MATCHED THEN UPDATE SET ' . assignments($t, 't') .
      ' WHEN NOT MATCHED THEN INSERT (' . join(', ', @names) . ', n) VALUES (' . join(', ', map { "s.$_" } @key) . ', ' . int(rand 40) . ')';
  },
  # All see the tables as they were; no row is changed twice, and none that is new has the uid of one that is gone.
  cte => sub {
    my ($self, $t) = @_;
    my ($o, $p) = map { $self->{tables}[ ($t->{slot} + $_) % 3 ] } 1, 2;
    return "WITH d AS (DELETE FROM $t->{name} AS t WHERE " . is_key($t, random_key($t)) . " RETURNING t.*), u AS (UPDATE $o->{name} AS t SET " . assignments($o, 't') . ' WHERE ' . some_rows($o) .
      ' RETURNING t.*) ' . insert_of($p, [ random_key($p) ]) =~ s/ VALUES \((.*)\)$/ SELECT $1 FROM (SELECT uid FROM d UNION SELECT uid FROM u) x LIMIT 1/sr . ' ON CONFLICT DO NOTHING';
  },
  # The row comes again with another uid.
  cte_again => sub {
    my $t = $_[1];
    my $key = join ', ', key_columns($t);
    return "WITH d AS (DELETE FROM $t->{name} WHERE n % 6 = 2 RETURNING *) INSERT INTO $t->{name} ($key, n) SELECT $key, n FROM d ON CONFLICT DO NOTHING";
  },
  truncate => sub { my ($self, $t) = @_; rand() < 0.4 ? $self->way('update', $t) : $t->{slot} == 0 ? (rand() < 0.3 ? "TRUNCATE $t->{name} CASCADE" : $self->way('delete', $t)) : "TRUNCATE $t->{name}" },
  truncate_leaf => sub { 'TRUNCATE ' . pick(qw(spread_0 spread_1 spread_2 spread_2a spread_2b)) },
  truncate_all => sub { 'TRUNCATE spread_0, ' . join(', ', map { $_->{name} } @{ $_[0]{tables} }[ 1, 2 ]) },
  leaf => sub {
    my ($self) = @_;
    my $t = dclone($self->{tables}[2]);
    $t->{name} = pick(qw(spread_0 spread_1 spread_2 spread_2b));
    my $way = pick(qw(insert_do_nothing update delete copy move upsert));
    return $self->way($way, $t);
  },
  view => sub { pick('UPDATE thing_view SET n = n + 1 WHERE id < ' . int rand 15, 'DELETE FROM thing_view WHERE id = ' . int rand 15, 'INSERT INTO thing_view (id, n) VALUES (' . int(rand 15) . ', 2)') },
  cursor => sub {
    my $t = $_[1];
    return "DO \$do\$ DECLARE c CURSOR FOR SELECT * FROM $t->{name} WHERE n % 3 = 1 FOR UPDATE; r record; BEGIN FOR r IN c LOOP IF r.n % 4 = 3 THEN DELETE FROM $t->{name} WHERE CURRENT OF c; " .
      "ELSE UPDATE $t->{name} SET n = n + 3 WHERE CURRENT OF c; END IF; END LOOP; END \$do\$";
  },
  prepared => sub { "PREPARE p AS UPDATE $_[1]{name} AS t SET n = t.n + \$1 WHERE t.n % 3 = \$2;\nEXECUTE p(1, 0);\nEXECUTE p(2, " . int(rand 3) . ");\nDEALLOCATE p" },
  exceptions => sub {
    my ($self) = @_;
    my $block;
    $block = sub {
      my ($depth) = @_;
      return 'BEGIN ' . $self->random_way . '; ' . ($depth < 3 && rand() < 0.7 ? $block->($depth + 1) : '') . pick('', 'PERFORM 1 / 0; ', "RAISE unique_violation; ") . 'EXCEPTION WHEN OTHERS THEN ' . pick('NULL', $self->random_way) . '; END; ';
    };
    return 'DO $do$ BEGIN ' . $block->(1) . $block->(2) . 'END $do$';
  },
  # Thousands of records are written before their statement ends.
  many => sub {
    my $t = $_[0]{tables}[0];
    my $id = column($t, 1);
    return "INSERT INTO $t->{name} ($id, n) SELECT i, 1 FROM generate_series(1001, 2100) i;\nDELETE FROM $t->{name} WHERE $id > 1000";
  });
# Within plpgsql: one statement, not DO.
my @plain = qw(insert insert_do_nothing upsert copy update update_all update_nothing update_ignored update_from update_key move delete delete_using merge cte cte_again truncate_leaf leaf view);
my @all = (sort(grep { !/^(many|truncate)/ } keys %ways), qw(update update insert insert upsert move copy truncate truncate_leaf));

sub way { my ($self, $way, $table) = @_; ++$self->{used}{$way}; return $ways{$way}->($self, $table) }
sub random_way { my ($self) = @_; return $self->way(pick(@plain), pick(@{ $self->{tables} })) }
sub ways { return sort keys %ways }

# ALTER TABLE, and what is known of the table goes along. Left out is what the log does not tell, as doc/audit.md says: values that a USING rewrites, or a default gives
# that differs from row to row; partitions that are dropped, detached, or come with rows; triggers that are disabled.
sub alter {
  my ($self) = @_;
  my $t = pick(@{ $self->{tables} });
  my $table = "ALTER TABLE $t->{name}";
  my @free = grep { my $name = $_; !grep { $_->{name} eq $name } @{ $t->{columns} } } @names;
  my @extra = grep { !$_->{num} || $_->{num} > $t->{core} } @{ $t->{columns} };
  my @widens = grep { $wider{ $_->{type} } } @extra;
  # Of columns that were there from the beginning those whose names nobody needs.
  my @renamed = grep { $_->{name} !~ /^(uid|n|part|touched|twice)$/ } @{ $t->{columns} };
  my $dice = rand;
  if ($dice < 0.3 && @free) {
    my $column = { type => pick(@added), name => pick(@free) };
    my $default = rand() < 0.6 ? ' DEFAULT ' . literal(value_of($column), $column->{type}) : '';
    push @{ $t->{columns} }, $column;
    return "$table ADD COLUMN " . quoted($column->{name}) . " $column->{type}$default";
  } elsif ($dice < 0.5 && @extra > 20) {
    my $column = pick(@extra);
    $t->{columns} = [ grep { $_ != $column } @{ $t->{columns} } ];
    return "$table DROP COLUMN " . quoted($column->{name});
  } elsif ($dice < 0.75 && @free) {
    my $column = pick(@renamed);
    my ($from, $to) = ($column->{name}, pick(@free));
    $column->{name} = $to;
    return "$table RENAME COLUMN " . quoted($from) . ' TO ' . quoted($to);
  } elsif ($dice < 0.85 && @widens) {
    my $column = pick(@widens);
    $column->{type} = $wider{ $column->{type} };
    return "$table ALTER COLUMN " . quoted($column->{name}) . " TYPE $column->{type}";
  } elsif ($dice < 0.93 && @extra > 1) {
    # Two columns get each other's names.
    my ($one, $other) = @extra[ 0, -1 ];
    my ($a, $b) = map { quoted($_->{name}) } $one, $other;
    ($one->{name}, $other->{name}) = ($other->{name}, $one->{name});
    return "$table RENAME COLUMN $a TO swapped;\n$table RENAME COLUMN $b TO $a;\n$table RENAME COLUMN swapped TO $b";
  }
  my $name = quoted(pick('things', 'notes', 'spread') . ' ' . int rand 1000);
  $t->{name} = $name;
  return "$table RENAME TO $name";
}

sub change { my ($self) = @_; return rand() < 0.07 ? $self->alter : rand() < 0.08 ? 'SELECT differences_now()' : $self->way(pick(@all), pick(@{ $self->{tables} })) }

# What is done until the next look: a statement, or a transaction with savepoints in all nestings.
sub step {
  my ($self, $way) = @_;
  $self->read_tables;
  return $self->way($way, pick(@{ $self->{tables} })) if $way;
  my $dice = rand;
  return $self->change if $dice < 0.25;
  # Transactions in one block.
  return 'DO $do$ BEGIN ' . join('; ', $self->random_way, pick('COMMIT', 'ROLLBACK'), $self->random_way, pick('COMMIT', 'ROLLBACK'), $self->random_way) . '; END $do$' if $dice < 0.32;
  my (@known, @steps);
  for (1 .. 3 + int rand 10) {
    $dice = rand;
    if ($dice < 0.6) { push @steps, $self->change }
    elsif ($dice < 0.76) { push @known, dclone($self->{tables}); push @steps, 'SAVEPOINT s' . @known }
    elsif ($dice < 0.88 && @known) {
      push @steps, 'ROLLBACK TO s' . @known;
      $self->{tables} = dclone($known[-1]);
      push @steps, 'RELEASE s' . @known and pop @known if rand() < 0.5;
    }
    elsif (@known) { push @steps, 'RELEASE s' . @known; pop @known }
  }
  my $end = rand;
  return join ";\n", 'BEGIN', @steps, $end < 0.12 ? 'ROLLBACK' : $end < 0.3 ? ("PREPARE TRANSACTION 'p'", rand() < 0.75 ? "COMMIT PREPARED 'p'" : "ROLLBACK PREPARED 'p'") : 'COMMIT';
}

1;

-- Databases of other encodings.
CREATE DATABASE regress_steward_ascii TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C';
CREATE DATABASE regress_steward_latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C';
\set code '\'\\x000102030405060708090a0b0c0d0e0f\''
SELECT steward.create_series(U&'\00FCber', key => :code);
SELECT steward.code_of(0, U&'\00FCber') AS code \gset utf8_
SELECT steward.drop_series(U&'\00FCber');
\set before :DBNAME

-- A series' name is the cipher's tweak in UTF-8: the same codes in every database.
\c regress_steward_latin
SET client_encoding = 'UTF8';
SET client_min_messages = warning;
CREATE EXTENSION steward;
SELECT steward.create_series(U&'\00FCber', key => :code);
SELECT steward.code_of(0, U&'\00FCber') = :'utf8_code' AS same_code;

-- Where nothing is known about bytes, a name that is no UTF-8 is refused when it is given, and stops no other series.
\c regress_steward_ascii
SET client_encoding = 'SQL_ASCII';
SET client_min_messages = warning;
CREATE EXTENSION steward;
SELECT steward.create_series('plain');
\set VERBOSITY sqlstate
SELECT steward.create_series(E'\xFCber');
\set VERBOSITY default
SELECT length(steward.next_code('plain'));
SELECT steward.drop_series('plain');

\c :before
DROP DATABASE regress_steward_ascii;
DROP DATABASE regress_steward_latin;

-- All clients come by the same customers in the same order, and each customer has places for four of five: so the share of
-- refusals does not depend on how fast a way is, and clients meet where a limit is reached.
\set customer 1 + :sent % :users
\set sent :sent + 1
SELECT message(:customer);

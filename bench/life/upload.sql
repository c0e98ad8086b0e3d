-- Five clients to a customer who may have four more.
\set customer 1 + (:uploaded * (:clients / 5) + :client_id / 5) % :users
\set uploaded :uploaded + 1
SELECT upload(:customer);

-- Each name is another one, or nothing would have changed.
\set analysis random(1, 1000)
\set edited :edited + 1
SELECT rename(:analysis, 'Orders, edition ' || :client_id::int || '.' || :edited::int);

-- The tables that the document names for later phases.

SELECT has_table('iops', t, 'table ' || t) FROM unnest('{charts,embed_analytics,templates,template_purchases,template_ratings,collaborations,comments,data_connections,analytics_events}'::name[]) t;
SELECT has_view('iops', 'activity_log', 'view activity_log');
SELECT is(pg_temp.refusal(s), r, n) FROM (VALUES
  ($$ INSERT INTO template_ratings (template_id, user_id, rating) VALUES ('00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a3', 6) $$,
    '23514: new row for relation "template_ratings" violates check constraint "template_ratings_rating_check"', 'ratings are from 1 to 5'),
  ($$ INSERT INTO template_ratings (template_id, user_id, rating) VALUES ('00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a1', 1) $$,
    '23505: duplicate key value violates unique constraint "template_ratings_template_id_user_id_key"', 'a user rates a template once'),
  ($$ INSERT INTO template_purchases (template_id, user_id, price_cents) VALUES ('00000000-0000-4000-8000-00000000ff01', '00000000-0000-4000-8000-0000000000a1', 1) $$,
    '23505: duplicate key value violates unique constraint "template_purchases_template_id_user_id_key"', 'a user buys a template once'),
  ($$ INSERT INTO comments (chart_id, user_id, body) VALUES (gen_random_uuid(), '00000000-0000-4000-8000-0000000000a1', 'x') $$,
    '23503: insert or update on table "comments" violates foreign key constraint "comments_chart_id_fkey"', 'comments are on charts'),
  ($$ INSERT INTO collaborations (user_id, email) VALUES ('00000000-0000-4000-8000-0000000000a1', 'mary@example.org') $$,
    '23505: duplicate key value violates unique constraint "collaborations_user_id_email_key"', 'nobody is invited twice')) v (s, r, n);

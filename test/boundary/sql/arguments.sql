-- What is wrong with a call is said before any of the function's code runs.
SET search_path = boundary;
SELECT takes_two(1, 2);
SELECT takes_two(1);
SELECT count_up_one_argument(1);
SELECT * FROM count_up_one_column(1, 0);
SELECT describe(1, 'word', 3), describe(1, 'word', NULL);
SELECT describe(NULL, 'word', 3);
SELECT describe(1, NULL, 3);
SELECT describe_unnamed(1, NULL, 3);
-- An argument that only comes out is not counted.
SELECT describe_out(1, 'word', 3), describe_out(1, NULL, 3);
SELECT * FROM count_up(NULL, 1);
SELECT left_behind();

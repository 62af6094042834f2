-- The category tree counts listed products. A product counts in its category and in all categories above it. Changes
-- are appended, so that transactions do not wait for each other; they are summed later, into one row per path.
CREATE TABLE category_count (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    path     text NOT NULL,
    products integer NOT NULL,
    added_up boolean NOT NULL DEFAULT false
) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
CREATE INDEX category_count_by_path ON category_count (path) INCLUDE (products);
CREATE INDEX category_count_news ON category_count (position) WHERE NOT added_up;

CREATE FUNCTION count_in_categories(lowest text, change integer) RETURNS void LANGUAGE sql AS $$
    INSERT INTO category_count (path, products)
    SELECT array_to_string(names[1:depth], ' > '), change
    FROM string_to_array(lowest, ' > ') AS names, generate_series(1, cardinality(names)) AS depth
$$;
CREATE FUNCTION count_product() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.shelf = 'on_shelf' AND OLD.category IS NOT NULL THEN
        PERFORM count_in_categories(OLD.category, -1);
    END IF;
    IF NEW.shelf = 'on_shelf' AND NEW.category IS NOT NULL THEN
        PERFORM count_in_categories(NEW.category, 1);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER product_is_counted AFTER INSERT ON product FOR EACH ROW
    WHEN (NEW.shelf = 'on_shelf' AND NEW.category IS NOT NULL) EXECUTE FUNCTION count_product();
CREATE TRIGGER product_is_counted_anew AFTER UPDATE OF shelf, category ON product FOR EACH ROW
    WHEN (OLD.shelf <> NEW.shelf OR OLD.category IS DISTINCT FROM NEW.category) EXECUTE FUNCTION count_product();

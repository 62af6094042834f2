"""The table definitions in the code match the tables that the migrations create."""

import sqlalchemy as sa

from catalog.columns import metadata
from catalog.importing.tables import product_import
from catalog.listing.tables import category_count
from catalog.products.tables import product
from catalog.stock.tables import stock

# for the auditor (shared.migrations.auditing): set by a trigger, not used by the code
SET_BY_TRIGGER = "modified_at"


def test_every_column_exists_with_its_type_and_nullability(open_work):
    assert {product, stock, category_count, product_import} <= set(metadata.sorted_tables)
    inspector = sa.inspect(open_work.engine)
    dialect = open_work.engine.dialect
    for table in metadata.sorted_tables:
        declared = {
            (c.name, c.nullable, c.type.dialect_impl(dialect).compile(dialect).split("(")[0])
            for c in table.columns
        }
        actual = {
            (c["name"], c["nullable"], c["type"].compile(dialect).split("(")[0])
            for c in inspector.get_columns(table.name)
            if c["name"] != SET_BY_TRIGGER
        }
        assert actual == declared
        keys = inspector.get_pk_constraint(table.name)["constrained_columns"]
        assert keys == [c.name for c in table.primary_key.columns]

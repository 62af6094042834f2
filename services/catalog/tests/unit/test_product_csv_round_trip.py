"""Products written as a product CSV are read back unchanged, with or without a variant in the first row."""

import csv
import io
from itertools import zip_longest

from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.model import shopify_csv
from catalog.products.model.product import Product
from catalog.products.model.sheets import Facts, Picture, Sheet, Variant
from catalog.products.model.shelf import Shelf
from shared.ids import new_id
from shared.money import Money

COLUMNS = [
    "Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Product Category", "Status",
    "Option1 Name", "Option2 Name", "Option3 Name", "Option1 Value", "Option2 Value", "Option3 Value",
    "Variant SKU", "Variant Price", "Variant Inventory Qty", "Variant Image",
    "Image Src", "Image Position", "Image Alt Text",
]  # fmt: skip
STATUS = {Shelf.ON_SHELF: "active", Shelf.DRAFT: "draft", Shelf.OFF_SHELF: "archived"}

words = st.text("aZ9,;\"' /\n=茶🍵", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
addresses = st.integers(0, 9).map(lambda number: f"https://pictures.example/{number}.jpg")
pictures = st.lists(st.builds(Picture, addresses, words), max_size=3, unique_by=lambda one: one.src)


def variants(options):
    one = st.builds(
        Variant,
        option_values=st.tuples(*[words] * options),
        price=st.integers(0, 10**11).map(Money),
        code=st.none() | words,
        image=st.none() | addresses,
        stock=st.integers(0, 10**6),
    )
    most = 4 if options else 1
    distinct = (lambda v: v.option_values, lambda v: v.code or object())
    return st.lists(one, min_size=1, max_size=most, unique_by=distinct).map(tuple)


@st.composite
def sheets(draw):
    options = draw(st.integers(0, 3))
    facts = st.builds(
        Facts,
        title=words,
        description=words | st.just(""),
        brand=words | st.just(""),
        kind=words | st.just(""),
        category=st.just("居家 > 茶具"),
        tags=st.lists(st.text("ab茶", min_size=1, max_size=3), max_size=3, unique=True).map(tuple),
        option_names=st.just(tuple(f"option {number}" for number in range(options))),
        pictures=pictures.map(tuple),
    )
    shelf = st.sampled_from(list(STATUS))
    return draw(st.builds(Sheet, handle=words, facts=facts, variants=variants(options), shelf=shelf))


def numbered(column, texts):
    return {column.format(number): text for number, text in enumerate(texts, 1)}


def facts_cells(sheet):
    facts = sheet.facts
    return {
        "Title": facts.title, "Body (HTML)": facts.description, "Vendor": facts.brand, "Type": facts.kind,
        "Tags": ",".join(facts.tags), "Product Category": facts.category, "Status": STATUS[sheet.shelf],
        **numbered("Option{} Name", facts.option_names),
    }  # fmt: skip


def variant_cells(variant):
    return {
        "Variant SKU": variant.code, "Variant Inventory Qty": variant.stock, "Variant Image": variant.image,
        "Variant Price": f"{variant.price.amount // 100}.{variant.price.amount % 100:02}",
        **numbered("Option{} Value", variant.option_values),
    }  # fmt: skip


def picture_cells(number, picture):
    return {"Image Src": picture.src, "Image Position": number, "Image Alt Text": picture.alt}


def rows_of(sheet, *, apart):
    """The product's rows; `apart`: the first row has no variant."""
    shown = [picture_cells(number, one) for number, one in enumerate(sheet.facts.pictures, 1)]
    sold = [{}] * apart + [variant_cells(one) for one in sheet.variants]
    first = facts_cells(sheet)
    for variant, picture in zip_longest(sold, shown, fillvalue={}):
        yield {"Handle": sheet.handle, **first, **variant, **picture}
        first = {}


def written(rows):
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


products = st.lists(sheets(), min_size=1, max_size=4, unique_by=lambda one: one.handle)


@given(products, st.booleans())
def test_products_written_to_csv_are_read_unchanged(written_products, apart):
    file = shopify_csv.read(written([row for one in written_products for row in rows_of(one, apart=apart)]), "CNY")
    assert (file.problems, file.left_out, file.refused) == ([], 0, 0)
    assert [one.sheet for one in file.products] == written_products


@given(sheets())
def test_a_sheet_read_from_csv_makes_a_product_and_changes_nothing_the_second_time(sheet):
    (listed,) = shopify_csv.read(written(rows_of(sheet, apart=True)), "CNY").products
    made = Product.new(new_id(), listed.sheet)
    assert len({sku.code for sku in made.skus}) == len(sheet.variants)
    assert not made.apply(listed.sheet)

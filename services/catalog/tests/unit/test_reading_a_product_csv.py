import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.importing.model import shopify_csv
from catalog.importing.model.shopify_csv import FileRefused, FileTooLarge, rows
from catalog.products.model.sheets import Picture, PictureState
from catalog.products.model.shelf import Shelf
from shared import text as text_rules
from shared.money import Money

DATA = Path(__file__).parents[1] / "data"
HEADER = "Handle,Title,Variant Price,Option1 Name,Option1 Value"


def read(name):
    return shopify_csv.read((DATA / f"{name}.csv").read_bytes().decode(), "CNY")


def read_text(*lines, currency="CNY"):
    return shopify_csv.read("\n".join(lines), currency)


def by_handle(file):
    return {one.sheet.handle: one.sheet for one in file.products}


@pytest.fixture
def chinese():
    return by_handle(read("chinese"))


def test_rows_of_one_handle_are_one_product(chinese):
    assert list(chinese) == ["dragon-well", "travel-quilt", "winter-scarf", "old-lantern"]
    assert [one.line for one in read("chinese").products] == [2, 8, 11, 12]


def test_a_byte_order_mark_and_line_breaks_within_cells_are_accepted(chinese):
    assert "\n梅家坞" in chinese["dragon-well"].facts.description


def test_a_row_may_have_only_a_variant_or_only_a_picture_or_both(chinese):
    tea = chinese["dragon-well"]
    assert [(one.code, one.price, one.stock) for one in tea.variants] == [
        ("LJ-50", Money(8800), 12),
        ("LJ-250", Money(39800), 3),
    ]
    assert tea.variants[1].image == "https://pictures.example/big-tin.jpg"


def test_pictures_are_sorted_by_position_without_duplicates(chinese):
    leaves, tin = chinese["dragon-well"].facts.pictures
    assert leaves == Picture("https://pictures.example/leaves.jpg", "茶叶")
    assert tin.src.endswith("tin.jpg")


def test_a_picture_below_media_is_local_and_any_other_is_not_fetched(chinese):
    assert chinese["travel-quilt"].facts.pictures[0].state is PictureState.LOCAL
    assert chinese["dragon-well"].facts.pictures[0].state is PictureState.NOT_FETCHED


def test_two_options_make_a_variant_of_each_listed_combination(chinese):
    quilt = chinese["travel-quilt"]
    assert quilt.facts.option_names == ("尺码", "颜色")
    assert [one.option_values for one in quilt.variants] == [("单人", "雾蓝"), ("单人", "米白"), ("双人", "雾蓝")]
    assert [one.price.amount for one in quilt.variants] == [19990, 19990, 25905]


def test_default_title_means_no_options(chinese):
    scarf = chinese["winter-scarf"]
    assert (scarf.facts.option_names, scarf.variants[0].option_values) == ((), ())


def test_status_and_published_decide_the_listing_state(chinese):
    assert [sheet.shelf for sheet in chinese.values()] == [
        Shelf.ON_SHELF,
        Shelf.ON_SHELF,
        Shelf.DRAFT,
        Shelf.OFF_SHELF,
    ]


def test_a_cell_that_looks_like_a_formula_is_a_text(chinese):
    assert chinese["old-lantern"].facts.title == '=HYPERLINK("旧灯笼")'


def test_categories_are_paths_and_tags_have_no_duplicates(chinese):
    facts = chinese["dragon-well"].facts
    assert (facts.category, facts.tags) == ("食品 > 茶叶 > 绿茶", ("春茶", "明前"))


def test_without_a_product_category_the_type_is_the_category():
    english = by_handle(read("english"))
    assert english["crunchy-armchair"].facts.category == "Indoor"
    assert english["rain-hat"].facts.category is None
    assert english["tin-kettle"].shelf is Shelf.ON_SHELF


def test_every_bad_row_is_reported_with_its_line_and_the_good_ones_are_read():
    file = read("bad_rows")
    assert [(one.line, one.handle, one.code) for one in file.problems] == [
        (4, "good-mug", "price_too_precise"),
        (5, "good-mug", "stock_invalid"),
        (6, "good-mug", "variant_repeated"),
        (7, "good-mug", "sku_repeated"),
        (8, "good-mug", "option_missing"),
        (9, "good-mug", "picture_address_invalid"),
        (10, "good-mug", "row_empty"),
        (11, "", "handle_missing"),
        (12, "no-title", "title_missing"),
        (13, "dollar-cup", "currency_foreign"),
        (15, "free-lunch", "price_invalid"),
        (16, "odd-state", "status_invalid"),
        (17, "", "csv_malformed"),
        (18, "", "cell_limit_exceeded"),
        (19, "good-pot", "stock_invalid"),
    ]
    assert list(by_handle(file)) == ["good-mug", "last-plate"]
    assert (file.rows, file.left_out, file.refused) == (18, 16, 5)


def test_a_product_with_a_bad_row_is_not_complete():
    sheets = by_handle(read("bad_rows"))
    assert not sheets["good-mug"].complete
    assert sheets["last-plate"].complete


def test_a_problem_has_a_text_in_both_languages():
    problem = read("bad_rows").problems[0]
    assert problem.text() == {"zh": "价格的小数位过多：12.505", "en": "The price has too many decimals: 12.505"}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ([""], "file_empty"),
        (["", ""], "file_empty"),
        (["Handle,Body (HTML)", "a,b"], "header_missing"),
        (["a,Ocean Shirt,50"], "header_missing"),
        (["Handle,Title,Variant Price,title"], "header_repeated"),
        (['"Handle', "Title"], "header_missing"),
    ],
)
def test_a_file_without_a_header_is_refused(lines, code):
    with pytest.raises(FileRefused) as refused:
        read_text(*lines)
    assert refused.value.code == code


def test_a_file_of_more_than_four_mebibytes_is_refused():
    with pytest.raises(FileTooLarge):
        shopify_csv.encoded(HEADER + "\n" + "茶" * (4 * 1024 * 1024 // 3 + 1))


def test_a_header_is_checked_without_the_rows():
    assert shopify_csv.encoded(f"{HEADER}\nmug,Mug,5") == f"{HEADER}\nmug,Mug,5".encode()
    with pytest.raises(FileRefused):
        shopify_csv.encoded("Name,Price\nmug,5")


@pytest.mark.parametrize("header", [HEADER + ',"' + "x" * 70_000, HEADER + "," + "x" * 70_000 + "\nmug,Mug,5"])
def test_a_header_that_does_not_end_within_65536_characters_is_refused(header):
    with pytest.raises(FileRefused) as refused:
        shopify_csv.encoded(header)
    assert (refused.value.code, refused.value.facts) == ("header_too_long", {"limit": 65_536})


def test_the_limit_of_the_header_does_not_apply_to_the_file():
    file = f"{HEADER}\n" + "mug,Mug,5\n" * 10_000
    assert shopify_csv.encoded(file) == file.encode()


def test_a_product_has_at_most_250_pictures_and_a_duplicate_does_not_count():
    rows = [f",,https://p.example/{number}.jpg" for number in [*range(251), 0]]
    rows[0] = "Mug,5" + rows[0][1:]
    file = read_text("Handle,Title,Variant Price,Image Src", *(f"mug,{row}" for row in rows))
    (mug,) = file.products
    assert (len(mug.sheet.facts.pictures), mug.rows, mug.picture_rows) == (250, 251, 251)
    assert [(one.line, one.code) for one in file.problems] == [(252, "picture_limit_exceeded")]


def test_too_many_tags_are_reported_and_not_truncated():
    most, more = (",".join(f"t{number}" for number in range(tags)) for tags in (250, 251))
    file = read_text(f"{HEADER},Tags", f'mug,Mug,5,,,"{most}"', f'pot,Pot,5,,,"{more}"')
    assert len(by_handle(file)["mug"].facts.tags) == 250
    assert [(one.line, one.text()["en"]) for one in file.problems] == [(3, "A product has at most 250 tags")]


def test_option_values_that_look_the_same_are_duplicates():
    file = read_text(HEADER, "mug,Mug,5,Colour,Red", "mug,,6,,Red\ufe0f")
    assert [(one.line, one.code) for one in file.problems] == [(3, "variant_repeated")]


def test_a_file_has_at_most_two_hundred_columns():
    wide = HEADER + "".join(f",c{number}" for number in range(195))
    assert read_text(wide, "mug,Mug,5").products
    with pytest.raises(FileRefused) as refused:
        read_text(f"{wide},c195", "mug,Mug,5")
    assert refused.value.code == "column_limit_exceeded"


@pytest.mark.parametrize(
    "code",
    ["header_too_long", "column_limit_exceeded", "header_repeated", "header_missing", "file_empty", "of_tomorrow"],
)
def test_every_import_failure_has_texts(code):
    assert set(shopify_csv.failure(code, {"limit": 200})["text"]) == {"zh", "en"}


def test_a_file_has_at_most_twenty_thousand_rows():
    lines = [HEADER, *["mug,Mug,five"] * 20_000]
    assert read_text(*lines).rows == 20_000
    with pytest.raises(FileRefused) as refused:
        read_text(*lines, "mug,Mug,five")
    assert refused.value.code == "row_limit_exceeded"


class Counted(str):
    """A column name that counts its comparisons."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other):
        Counted.compared += 1
        return str(self) == str(other)

    __hash__ = str.__hash__

    def casefold(self):
        return Counted(str.casefold(self))


def test_the_cost_of_checking_a_header_is_linear_in_its_columns(monkeypatch):
    monkeypatch.setattr(rows, "MOST_COLUMNS", 10_000)
    monkeypatch.setattr(Counted, "compared", 0)
    names = [Counted(name) for name in (*HEADER.split(","), *(f"c{number}" for number in range(4000)))]
    rows._header((1, names))
    assert Counted.compared < 10 * len(names)


def lines_run(text):
    """The number of lines of Python executed while a file is read, a measure independent of the machine."""
    run = 0

    def count(_frame, event, _arg):
        nonlocal run
        run += event == "line"
        return count

    sys.settrace(count)
    try:
        shopify_csv.read(text, "CNY")
    finally:
        sys.settrace(None)
    return run


@pytest.mark.parametrize(
    "row",
    [
        pytest.param('mug-{0},"Mug "{0}"",5', id="broken quotes"),
        pytest.param("mug-{0},Mug,5,,,,,,one more", id="too many cells"),
        pytest.param("mug-{0},Mug,5", id="a product each"),
        pytest.param("mug,Mug,5,Size,{0}", id="a variant each"),
        pytest.param("mug,Mug,five", id="a bad price each"),
    ],
)
def test_the_cost_of_a_row_does_not_depend_on_earlier_rows(row):
    def cost(count):
        # every other row is a valid product, so that there are drafts to iterate over
        lines = [line for n in range(count) for line in (f"pot-{n},Pot,7", row.format(n))]
        return lines_run("\n".join([HEADER, *lines]))

    assert cost(400) < 2.1 * cost(200)


def test_a_header_alone_is_a_file_without_rows():
    assert (read_text(HEADER).rows, read_text(HEADER).products) == (0, [])


def test_a_quote_that_is_never_closed_is_reported_where_it_opens():
    file = read_text(HEADER, 'mug,"Mug,12', "pot,Pot,7", "pan,Pan,8")
    assert [(one.line, one.code) for one in file.problems] == [(2, "csv_malformed")]


@pytest.mark.parametrize("text", ["Mug\x00", "Mug\x1b[31m", "Mug\ud800"])
def test_characters_that_cannot_be_stored_are_reported(text):
    (problem,) = read_text(HEADER, f"mug,{text},12").problems
    assert problem.code == "character_invalid"


def test_a_text_that_is_too_long_is_reported_with_the_limit():
    (problem,) = read_text(HEADER, f"mug,{'M' * 256},12").problems
    assert problem.text()["en"] == "Title is longer than 255 characters"


def test_a_cell_of_mebibytes_is_refused_before_its_text_is_normalised(monkeypatch):
    lengths = []
    monkeypatch.setattr(text_rules, "_trimmed", lambda value: lengths.append(len(value)) or value)
    huge = "é" + " " * 4_000_000 + "b"
    (problem,) = read_text(HEADER, f"{huge},Title,1").problems
    assert (problem.code, problem.facts) == ("cell_too_long", {"column": "Handle", "limit": "255"})
    assert [length for length in lengths if length > 4 * 255] == []


def test_a_price_with_decimals_is_refused_in_a_currency_without_them():
    file = read_text(HEADER, "mug,Mug,500", "pot,Pot,500.5", currency="JPY")
    assert file.products[0].sheet.variants[0].price == Money(500, "JPY")
    assert file.problems[0].code == "price_too_precise"


def test_a_different_title_under_one_handle_is_reported():
    file = read_text(HEADER, "mug,Mug,5,Size,S", "mug,Pot,5,,M", "mug,Mug,5,,L")
    assert [one.code for one in file.problems] == ["title_differs"]
    assert len(file.products[0].sheet.variants) == 2


@given(st.integers(0, 10**11))
def test_every_price_of_two_decimals_is_read_exactly(fen):
    file = read_text(HEADER, f"mug,Mug,{fen // 100}.{fen % 100:02}")
    assert file.products[0].sheet.variants[0].price == Money(fen)


@given(st.text(max_size=300))
def test_any_text_below_a_header_is_read_and_its_problems_are_reported(text):
    assert all(problem.text()["zh"] for problem in read_text(HEADER, text).problems)


@given(st.text(max_size=60))
def test_a_text_without_the_required_columns_is_refused(text):
    with pytest.raises(FileRefused):
        read_text(text)


@given(st.lists(st.lists(st.text('ab"\n,\r 1.', max_size=6), min_size=3, max_size=6), max_size=8))
def test_every_row_is_accepted_or_left_out(table):
    file = read_text(HEADER, *(",".join(row) for row in table))
    assert file.rows == sum(one.rows for one in file.products) + file.left_out
    assert all(one.rows - 1 <= len(one.sheet.variants) <= one.rows for one in file.products)


def test_a_first_row_without_a_variant_describes_the_variants_below_it():
    header = f"{HEADER},Image Src"
    picture = "https://pictures.example/mug.jpg"
    file = read_text(header, f"mug,Mug,,Size,,{picture}", "mug,,5,,S,", "mug,,6,,M,")
    (listed,) = file.products
    assert (file.problems, listed.rows) == ([], 3)
    assert [one.option_values for one in listed.sheet.variants] == [("S",), ("M",)]
    assert listed.sheet.facts.pictures == (Picture(picture),)


def test_products_above_an_unreadable_row_are_not_complete():
    file = read_text(HEADER, "mug,Mug,5", 'pot,"Pot "x"",7', "pan,Pan,8")
    assert [(one.sheet.handle, one.sheet.complete) for one in file.products] == [("mug", False), ("pan", True)]


def test_a_product_without_any_variant_is_reported_at_its_first_row():
    file = read_text(HEADER, "mug,Mug,,Size,", "pot,Pot,7", "mug,,five,,S")
    assert [(one.line, one.code) for one in file.problems] == [(2, "variant_missing"), (4, "price_invalid")]
    assert (file.rows, file.left_out, file.refused) == (3, 2, 1)

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.products.model.product import Product, SkuAmbiguous, SkuMissing, VersionOutdated
from catalog.products.model.sheets import Facts, Sheet, Variant
from catalog.products.model.shelf import TRANSITIONS, Shelf, TransitionNotAllowed, moved
from shared.ids import new_id
from shared.money import Money


def variant(*values, fen=5900, **rest):
    return Variant(option_values=values, price=Money(fen), **rest)


def sheet(*variants, options=("尺码",), **rest):
    facts = Facts(title="茶杯", option_names=options)
    return Sheet(handle="tea-cup", facts=facts, variants=variants or (variant("S"), variant("M")), **rest)


def product(*variants, **rest):
    return Product.new(new_id(), sheet(*variants, **rest))


def test_a_new_product_is_a_draft_of_version_one_with_its_opening_stock():
    cup = product(variant("S", stock=3))
    assert (cup.shelf, cup.version) == (Shelf.DRAFT, 1)
    assert cup.opening_stock == {cup.skus[0].sku_id: 3}


def test_the_same_sheet_again_changes_nothing():
    cup = product(shelf=Shelf.ON_SHELF)
    assert not cup.apply(sheet(shelf=Shelf.ON_SHELF))
    assert cup.version == 1


def test_a_sku_without_a_code_is_identified_by_handle_and_option_values():
    cup = product(variant("S"), variant("M"))
    assert [sku.code for sku in cup.skus] == ["tea-cup/S", "tea-cup/M"]
    ids = [sku.sku_id for sku in cup.skus]
    cup.apply(sheet(variant("S", fen=1), variant("M", code="CUP-M")))
    assert [sku.sku_id for sku in cup.skus] == ids
    assert (cup.skus[0].price, cup.skus[1].code) == (Money(1), "CUP-M")


def test_a_sku_with_a_code_stays_the_same_when_its_option_is_renamed():
    cup = product(variant("S", code="CUP-S"))
    before = cup.skus[0].sku_id
    cup.apply(sheet(variant("Small", code="CUP-S")))
    assert (cup.skus[0].sku_id, cup.skus[0].option_values) == (before, ("Small",))


def test_a_sku_whose_option_looks_the_same_is_the_same_sku():
    cup = product(variant("❤"), variant("M"))
    before = [sku.sku_id for sku in cup.skus]
    cup.apply(sheet(variant("❤\ufe0f"), variant("M")))
    assert [sku.sku_id for sku in cup.skus] == before


def test_an_existing_sku_gets_no_opening_stock_again():
    cup = product(variant("S", stock=3))
    cup.apply(sheet(variant("S", stock=99), variant("M", stock=7)))
    assert list(cup.opening_stock.values()) == [7]


def test_a_sku_missing_from_a_complete_sheet_is_discontinued_until_it_is_named_again():
    cup = product()
    gone = cup.skus[1].sku_id
    cup.apply(sheet(variant("S")))
    assert [sku.option_values for sku in cup.live_skus] == [("S",)]
    cup.apply(sheet(variant("S"), variant("M")))
    assert {sku.sku_id for sku in cup.live_skus} >= {gone}


def test_an_incomplete_sheet_discontinues_nothing():
    cup = product()
    assert not cup.apply(sheet(variant("S"), variant("M"), complete=False))
    cup.apply(sheet(variant("S", fen=1), complete=False))
    assert len(cup.live_skus) == 2


def test_skus_without_a_value_for_a_new_option_are_discontinued():
    cup = product(variant("S"))
    cup.apply(sheet(variant("S", "红"), options=("尺码", "颜色"), complete=False))
    assert [sku.option_values for sku in cup.live_skus] == [("S", "红")]


@pytest.mark.parametrize(
    "variants",
    [
        (variant("S"), variant("S")),
        (variant("S"), variant("S\u034f")),
        (variant("S", code="CUP"), variant("M", code="CUP")),
        (variant("L", code="CUP-S"), variant("S")),
    ],
)
def test_ambiguous_skus_are_refused_and_change_nothing(variants):
    cup = product(variant("S", code="CUP-S"), variant("M", code="CUP-M"))
    before = (cup.skus, cup.version)
    with pytest.raises(SkuAmbiguous):
        cup.apply(sheet(*variants))
    assert (cup.skus, cup.version) == before


def test_a_product_withdrawn_by_hand_is_not_listed_again_by_the_same_sheet():
    cup = product(shelf=Shelf.ON_SHELF)
    cup.move(Shelf.OFF_SHELF)
    assert not cup.apply(sheet(shelf=Shelf.ON_SHELF))
    assert cup.shelf is Shelf.OFF_SHELF


def test_a_sheet_with_a_new_shelf_state_moves_the_product():
    cup = product(shelf=Shelf.ON_SHELF)
    cup.apply(sheet(shelf=Shelf.DRAFT))
    assert cup.shelf is Shelf.OFF_SHELF
    cup.apply(sheet(shelf=Shelf.ON_SHELF))
    assert cup.shelf is Shelf.ON_SHELF


def test_a_product_without_active_skus_cannot_be_listed():
    cup = product(shelf=Shelf.DRAFT)
    cup.skus = tuple(replace(sku, discontinued=True) for sku in cup.skus)
    with pytest.raises(SkuMissing):
        cup.move(Shelf.ON_SHELF)
    assert cup.shelf is Shelf.DRAFT


def test_options_are_shown_as_names_and_values():
    quilt = product(variant("双人", "雾蓝"), options=("尺码", "颜色"))
    assert quilt.options(quilt.skus[0]) == "尺码: 双人 / 颜色: 雾蓝"


def test_the_price_of_a_product_is_the_lowest_of_its_active_skus():
    cup = product(variant("S", fen=100), variant("M", fen=200))
    cup.apply(sheet(variant("M", fen=200)))
    assert cup.price_from == 200


def test_a_change_made_from_an_old_version_is_refused():
    cup = product()
    cup.expect(1)
    cup.expect(None)
    with pytest.raises(VersionOutdated):
        cup.expect(2)


@pytest.mark.parametrize("present", Shelf)
@pytest.mark.parametrize("wanted", Shelf)
def test_repeated_and_known_transitions_are_allowed_and_all_others_raise(present, wanted):
    if wanted is present or wanted in TRANSITIONS[present]:
        assert moved(present, wanted) is wanted
    else:
        with pytest.raises(TransitionNotAllowed):
            moved(present, wanted)


sheets = st.builds(
    lambda names, fen, shelf, complete: sheet(
        *(variant(name, fen=fen) for name in names), shelf=shelf, complete=complete
    ),
    st.lists(st.sampled_from("SMLX"), min_size=1, unique=True),
    st.integers(0, 3),
    st.sampled_from([None, Shelf.DRAFT, Shelf.ON_SHELF, Shelf.OFF_SHELF]),
    st.booleans(),
)


@given(st.lists(sheets, min_size=1, max_size=6))
def test_for_any_sheets_the_version_counts_changes_and_no_sku_is_lost(history):
    cup = Product.new(new_id(), history[0])
    for following in history[1:]:
        known, version = {sku.sku_id for sku in cup.skus}, cup.version
        changed = cup.apply(following)
        assert cup.version == version + changed
        assert known <= {sku.sku_id for sku in cup.skus}
        assert {v.option_values for v in following.variants} <= {sku.option_values for sku in cup.live_skus}
        assert not cup.apply(following)


def test_generated_codes_are_unique_where_joined_values_are_not():
    options = ("尺码", "尺码")
    cup = product(variant("S", "M/L"), variant("S/M", "L"), variant("S", "M"), options=options)
    codes = [sku.code for sku in cup.skus]
    assert len(set(codes)) == 3
    assert codes[2] == "tea-cup/S/M"
    again = product(variant("S/M", "L"), variant("S", "M/L"), options=options)
    assert [sku.code for sku in again.skus] == [codes[1], codes[0]]


def test_a_generated_code_differs_from_codes_that_the_shop_gave():
    cup = product(variant("S"), variant("M", code="tea-cup/S"))
    assert cup.skus[0].code.startswith("tea-cup/S~")


def test_a_generated_code_is_no_longer_than_the_longest_given_one():
    long = ["长" * 250 + end for end in ("甲", "乙")]
    codes = {sku.code for sku in product(*(variant(value, value) for value in long), options=("a", "b")).skus}
    assert [len(code) for code in codes] == [255, 255]


def test_a_sku_keeps_its_code_if_none_is_given():
    cup = product(variant("S", code="CUP-S"))
    assert not cup.apply(sheet(variant("S")))


@given(st.lists(st.tuples(*[st.text("SM/~", min_size=1, max_size=3)] * 2), min_size=1, max_size=30, unique=True))
def test_different_option_values_get_different_codes(combinations):
    cup = product(*(variant(*values) for values in combinations), options=("a", "b"))
    assert len({sku.code for sku in cup.skus}) == len(combinations)

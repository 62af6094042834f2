"""The states, kinds and limits in the contract match those of the domain."""

import pytest

from catalog.importing.model.shopify_csv.problems import FILE_TEXTS, TEXTS, failure
from catalog.importing.store import ImportState
from catalog.listing.store import Sort
from catalog.products.model import sheets
from catalog.products.model.shelf import Shelf
from catalog.stock.model import journal, levels
from shared.contracts.catalog import import_codes, requests, views


def values(kind):
    return {member.value for member in kind}


@pytest.mark.parametrize(
    ("shown", "own"),
    [
        (views.Shelf, Shelf),
        (views.ProductSort, Sort),
        (views.PictureState, sheets.PictureState),
        (views.StockEntryKind, journal.EntryKind),
        (views.StockCause, journal.Cause),
        (views.ImportState, ImportState),
    ],
)
def test_an_enum_of_the_contract_has_the_values_of_the_one_it_shows(shown, own):
    assert values(shown) == values(own)


def test_a_shop_adjusts_its_stock_for_every_cause_but_those_of_new_skus():
    assert values(journal.Cause) - values(views.AdjustmentCause) == {"opening_stock", "import"}


def test_every_problem_of_a_row_and_every_failure_of_an_import_is_in_the_contract():
    assert values(import_codes.RowProblemCode) == set(TEXTS)
    assert values(import_codes.ImportFailure) == set(FILE_TEXTS)


def test_a_failure_without_texts_is_reported_as_an_interruption():
    assert failure("of_tomorrow", {"limit": 200}) == failure("import_interrupted")


def test_the_limits_of_the_contract_are_those_of_the_domain():
    assert (requests.MOST_SKUS, requests.MOST_PICTURES) == (sheets.MOST_SKUS, sheets.MOST_PICTURES)
    assert (requests.LONGEST_DESCRIPTION, requests.MOST_PRICE) == (
        sheets.LONGEST_DESCRIPTION,
        sheets.MOST_PRICE,
    )
    assert requests.MOST_PIECES == levels.MOST

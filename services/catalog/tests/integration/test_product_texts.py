"""Texts of products are normalised by the same rules in forms and files."""

import pytest

from catalog.products.use_cases.descriptions import LONGEST, DescriptionTooLong
from catalog.products.use_cases.products import HandleTaken
from services.catalog.tests.builders import price, tea_cup
from shared.shapes import Misshapen

HEADER = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Variant Inventory Qty,Body (HTML)"


def create(market, **rest):
    return market.call("create_product", shop_id=str(market.shop_id), **tea_cup(**rest))


def import_rows(market, *rows):
    csv = "\n".join([HEADER, *rows])
    return market.import_file(csv)["report"]


def hues(*values):
    skus = [{"option_values": [hue], "price": price(5900), "stock": 7} for hue in values]
    return {"option_names": ["颜色"], "skus": skus}


@pytest.mark.parametrize("handle", ["mug ", "\u3000mug", "m\u200bug", "mug\ufeff", "\u202emug"])
def test_a_handle_with_blanks_is_the_handle_without_them(market, handle):
    create(market, handle="mug")
    with pytest.raises(HandleTaken):
        create(market, handle=handle)


def test_the_same_option_written_with_a_blank_keeps_its_sku_and_its_stock(market):
    made = create(market, **hues("Red", "Blue"))
    changed = market.call("change_product", product_id=made["product_id"], **hues("Red\u3000", "Bl\u200bue"))
    assert [sku["sku_id"] for sku in changed["skus"]] == [sku["sku_id"] for sku in made["skus"]]
    assert [sku["on_hand"] for sku in changed["skus"] if not sku["discontinued"]] == [7, 7]


def test_a_file_changes_the_product_that_a_form_created(market):
    made = create(market, handle="mug", **hues("Red"))
    done = import_rows(market, "mug\u3000, 汝窑\u200b茶杯,59.00,颜色,Red\u00a0,3,")
    assert done["products"] == {"created": 0, "changed": 1, "unchanged": 0, "refused": 0}
    seen = market.call("get_shop_product", product_id=made["product_id"])
    assert [(sku["sku_id"], sku["on_hand"]) for sku in seen["skus"]] == [(made["skus"][0]["sku_id"], 7)]


@pytest.mark.parametrize("title", [" ", "\u3000", "\u200b", "\u3164", "\u202e\u202c"])
def test_a_title_without_visible_characters_is_refused(market, title):
    with pytest.raises(Misshapen, match="title"):
        create(market, title=title)
    assert [each["code"] for each in import_rows(market, f"blank,{title},1,,,,")["errors"]] == ["title_missing"]


def test_a_stored_description_can_be_saved_again(market):
    made = create(market, description="<a>x" * 400)
    again = market.call("change_product", product_id=made["product_id"], description=made["description"])
    assert (again["description"], again["version"]) == (made["description"], made["version"])


def test_the_length_of_a_description_is_that_of_its_stored_form(market):
    grows = "<a>x" * 5000
    assert len(grows) < LONGEST
    with pytest.raises(DescriptionTooLong):
        create(market, description=grows)
    done = import_rows(market, f"long,Long,1,,,,{grows}", "short,Short,1,,,,ok")
    assert [(each["line"], each["code"]) for each in done["errors"]] == [(2, "description_too_long")]
    assert (done["products"]["created"], done["products"]["refused"]) == (1, 1)

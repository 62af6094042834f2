"""Imports of Shopify product files: those of the tests, and those in the folder that CATALOGUES names."""

import os
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from catalog.access import ShopNotFound, ShopSuspended
from catalog.importing.model.shopify_csv import FileRefused, FileTooLarge
from catalog.importing.queries import ImportNotFound
from services.catalog.tests.builders import approved, merchant_of
from shared.auth import ANONYMOUS
from shared.contracts import users
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn
from shared.errors import Forbidden
from shared.idempotency import KeyReused
from shared.ids import new_id

DATA = Path(__file__).parents[1] / "data"


def text(name):
    return (DATA / f"{name}.csv").read_bytes().decode()


def report(market, csv, **rest):
    return market.import_file(csv, **rest)["report"]


def own(market, title):
    """The product with this title as its merchant sees it."""
    (card,) = market.call("list_shop_products", shop_id=str(market.shop_id), q=title)["items"]
    return market.call("get_shop_product", product_id=card["product_id"])


def test_a_file_is_imported_with_stock_pictures_and_listing_states(market):
    assert report(market, text("chinese")) == {
        "rows": {"read": 9, "left_out": 0},
        "products": {"created": 4, "changed": 0, "unchanged": 0, "refused": 0},
        "skus": {"created": 7, "total": 7},
        "pictures": {"not_fetched": 2, "local": 1, "repeated": 1},
        "errors_total": 0,
        "errors": [],
    }
    tea = own(market, "西湖龙井")
    assert [(sku["code"], sku["on_hand"]) for sku in tea["skus"]] == [("LJ-50", 12), ("LJ-250", 3)]
    assert own(market, "旅行被")["description"] == "<p>轻</p>"
    shelves = Counter(
        card["shelf"] for card in market.call("list_shop_products", shop_id=str(market.shop_id))["items"]
    )
    assert shelves == {"on_shelf": 2, "draft": 1, "off_shelf": 1}
    assert len(market.published(ProductPublished)) == 2


def test_the_same_file_again_changes_nothing(market):
    market.import_file(text("chinese"))
    before, published = own(market, "西湖龙井"), market.published()
    again = report(market, text("chinese"))
    assert again["products"] == {"created": 0, "changed": 0, "unchanged": 4, "refused": 0}
    assert again["skus"]["created"] == 0
    assert own(market, "西湖龙井") == before
    assert market.published() == published


def test_a_changed_file_changes_only_what_differs(market):
    market.import_file(text("chinese"))
    changed = text("chinese").replace("88.00", "98.00").replace("旅行被", "旅行薄被")
    assert report(market, changed)["products"] == {"created": 0, "changed": 2, "unchanged": 2, "refused": 0}
    assert [event.title for event in market.published(ProductChanged)] == ["西湖龙井", "旅行薄被"]
    assert own(market, "西湖龙井")["skus"][0]["price"]["amount"] == 9800


def test_an_import_never_overwrites_stock(market):
    market.import_file(text("chinese"))
    sku_id = own(market, "西湖龙井")["skus"][0]["sku_id"]
    market.call("adjust_stock", sku_id=sku_id, change=-10, reason="sold offline")
    market.import_file(text("chinese").replace("LJ-50,12", "LJ-50,500"))
    assert market.stock(sku_id).on_hand == 2


def test_a_product_withdrawn_by_hand_stays_unlisted_until_the_file_changes_its_status(market):
    market.import_file(text("chinese"))
    market.call("withdraw_product", product_id=own(market, "西湖龙井")["product_id"])
    market.import_file(text("chinese").replace("88.00", "98.00"))
    assert own(market, "西湖龙井")["shelf"] == "off_shelf"


def test_a_product_that_becomes_a_draft_in_the_file_is_withdrawn(market):
    market.import_file(text("chinese"))
    market.import_file(text("chinese").replace("tin.jpg,2,,,active", "tin.jpg,2,,,draft"))
    assert own(market, "西湖龙井")["shelf"] == "off_shelf"
    assert len(market.published(ProductWithdrawn)) == 1


def test_bad_rows_are_reported_and_the_good_ones_are_imported(market):
    found = report(market, text("bad_rows"))
    assert found["rows"] == {"read": 18, "left_out": 16}
    assert found["products"] == {"created": 2, "changed": 0, "unchanged": 0, "refused": 5}
    assert found["errors_total"] == 15
    assert found["errors"][0] == {
        "line": 4,
        "handle": "good-mug",
        "code": "price_too_precise",
        "text": {"zh": "价格的小数位过多：12.505", "en": "The price has too many decimals: 12.505"},
    }


def test_a_bad_row_never_discontinues_a_sku(market):
    header = "Handle,Title,Variant Price,Option1 Name,Option1 Value\n"
    market.import_file(header + "mug,Mug,5,Size,S\nmug,,6,,M\n")
    market.import_file(header + "mug,Mug,5,Size,S\nmug,,six,,M\n")
    assert [sku["discontinued"] for sku in own(market, "Mug")["skus"]] == [False, False]
    market.import_file(header + "mug,Mug,5,Size,S\n")
    assert [sku["discontinued"] for sku in own(market, "Mug")["skus"]] == [False, True]


def test_a_product_that_conflicts_with_the_stored_one_is_reported_at_its_first_row(market):
    header = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Variant SKU\n"
    market.import_file(header + "mug,Mug,5,Size,S,MUG-S\n")
    found = report(market, header + "pot,Pot,5,,,\nmug,Mug,5,Size,L,MUG-S\nmug,,5,,S,\n")
    assert [(one["line"], one["code"]) for one in found["errors"]] == [(3, "sku_ambiguous")]
    assert found["products"]["created"] == 1


def test_a_repeated_key_returns_the_first_report_and_accepts_no_other_file(market):
    first = market.import_file(text("english"), idempotency_key="once")
    assert market.import_file(text("english"), idempotency_key="once") == first
    with pytest.raises(KeyReused):
        market.import_file(text("chinese"), idempotency_key="once")


def test_the_first_row_of_a_product_may_have_no_variant(market):
    header = "Handle,Title,Variant Price,Option1 Name,Option1 Value,Image Src\n"
    found = report(market, header + "mug,Mug,,Size,,/media/mug.svg\nmug,,5,,S,\nmug,,6,,M,\n")
    assert (found["errors"], found["rows"]) == ([], {"read": 3, "left_out": 0})
    assert [sku["code"] for sku in own(market, "Mug")["skus"]] == ["mug/S", "mug/M"]


def test_an_import_can_be_read_by_its_id(market):
    made = market.import_file(text("english"))
    assert market.call("get_import", import_id=made["import_id"]) == made
    with pytest.raises(Forbidden):
        market.call("get_import", merchant_of(new_id()), import_id=made["import_id"])
    with pytest.raises(ImportNotFound):
        market.call("get_import", import_id=str(new_id()))


def test_only_the_shop_itself_imports_its_products(market):
    for shop in ("lakeside", str(market.shop_id)):
        with pytest.raises(Forbidden):
            market.call("import_products", merchant_of(new_id()), shop=shop, csv=text("english"))
    for shop in ("hillside", str(new_id())):
        with pytest.raises(ShopNotFound):
            market.call("import_products", shop=shop, csv=text("english"))


def test_a_suspended_shop_imports_nothing(market):
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=2))
    with pytest.raises(ShopSuspended):
        market.import_file(text("english"))


@pytest.mark.parametrize(
    ("csv", "refusal"), [("", FileRefused), ("Name,Price\n", FileRefused), ("x" * (4 * 2**20 + 1), FileTooLarge)]
)
def test_an_unreadable_file_stores_nothing(market, open_work, csv, refusal):
    with pytest.raises(refusal):
        market.import_file(csv)
    with open_work() as work:
        assert work.connection.execute(sa.text("SELECT count(*) FROM product_import")).scalar() == 0


# The contents of known files: (products, rows, SKUs, drafts).
KNOWN = {
    "apparel-en": (20, 22, 22, 0),
    "home-and-garden-en": (20, 21, 21, 0),
    "yanxuan-zh": (200, 1058, 205, 1),
    "chinese": (4, 9, 7, 1),
    "english": (3, 4, 4, 0),
}


def test_whole_catalogues_are_imported_and_change_nothing_the_second_time(market):
    folder = Path(os.environ.get("CATALOGUES", DATA))
    files = sorted(path for path in folder.glob("*.csv") if path.stem in KNOWN)
    assert files
    for number, path in enumerate(files):
        slug, shop_id = f"shop-{number}", new_id()
        market.receive(approved(shop_id, slug=slug))
        request = {"shop": slug, "filename": path.name, "csv": path.read_bytes().decode()}
        found = market.import_file(caller=merchant_of(shop_id), **request)["report"]
        again = market.import_file(caller=merchant_of(shop_id), **request)["report"]
        drafts = market.call("list_shop_products", merchant_of(shop_id), shop_id=str(shop_id), shelf="draft")[
            "items"
        ]
        counts = (found["products"]["created"], found["rows"]["read"], found["skus"]["created"], len(drafts))
        assert (counts, found["errors"]) == (KNOWN[path.stem], [])
        assert again["products"]["unchanged"] == found["products"]["created"]
    assert market.call("list_products", ANONYMOUS, limit=3)["next"]

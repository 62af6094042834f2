"""Merchants manage their products; listed products are public."""

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from catalog.access import ShopNotFound, ShopSuspended
from catalog.products.model.product import ProductNotFound, ProductUnlisted, SkuAmbiguous, VersionOutdated
from catalog.products.use_cases.products import HandleTaken
from catalog.products.use_cases.sheets import ForeignCurrency, OptionsInvalid, PictureAddressInvalid, TagsInvalid
from catalog.stock.model.levels import BelowReserved, SkuNotFound
from catalog.stock.use_cases import StockUnchanged
from services.catalog.tests.builders import approved, merchant_of, price, quilt, tea_cup, wanted
from shared.auth import ANONYMOUS
from shared.contracts import users
from shared.contracts.catalog import ProductChanged, ProductPublished, ProductWithdrawn
from shared.errors import Forbidden
from shared.idempotency import KeyReused
from shared.ids import new_id
from shared.shapes import Misshapen


def create(market, request=None, **rest):
    return market.call("create_product", shop_id=str(market.shop_id), **(request or tea_cup(**rest)))


def longest(seed):
    """A text of the greatest valid length, made of characters that do not compress."""
    return "".join(chr(0x20000 + (seed * 7919 + at * 104729) % 40_000) for at in range(255))


def test_the_longest_valid_texts_make_a_product(market):
    options = {"option_names": ["a", "b", "c"], "handle": longest(9)}
    skus = [{"option_values": [longest(one), longest(2), longest(3)], "price": price(100)} for one in (1, 4)]
    made = create(market, quilt(**options, title=longest(5), category=longest(6), skus=skus))
    assert [sku["option_values"] for sku in made["skus"]] == [sku["option_values"] for sku in skus]
    assert len({sku["code"] for sku in made["skus"]}) == 2


def test_the_database_itself_keeps_option_values_unique(market, open_work):
    made = create(market, quilt())
    first, second = (sku["sku_id"] for sku in made["skus"][:2])
    copied = "UPDATE sku SET option_values = (SELECT option_values FROM sku WHERE sku_id = :a) WHERE sku_id = :b"
    with pytest.raises(IntegrityError), open_work() as work:
        work.connection.execute(text(copied), {"a": first, "b": second})


def test_a_new_product_is_a_draft_and_not_public(market):
    made = create(market)
    assert (made["shelf"], made["version"]) == ("draft", 1)
    assert market.call("list_products", ANONYMOUS)["items"] == []
    with pytest.raises(ProductNotFound):
        market.call("get_product", ANONYMOUS, product_id=made["product_id"])
    assert market.published() == []


def test_listing_a_product_publishes_an_event_and_shows_all_its_prices(market):
    shown = market.sell(quilt())
    (event,) = market.published(ProductPublished)
    assert (str(event.product_id), event.version, event.category) == (shown["product_id"], 2, "居家 > 被枕")
    assert [sku.options for sku in event.skus] == [
        "尺码: S / 颜色: 红",
        "尺码: S / 颜色: 蓝",
        "尺码: M / 颜色: 红",
    ]
    seen = market.call("get_product", ANONYMOUS, product_id=shown["product_id"])
    assert seen["price_from"] == {"amount": 10000, "currency": "CNY"}
    assert [sku["available"] for sku in seen["skus"]] == [5, 5, 5]
    assert seen["shop"]["slug"] == "lakeside"


def test_a_change_of_a_listed_product_is_published_with_a_greater_version(market):
    made = market.sell(tea_cup())
    market.call("change_product", product_id=made["product_id"], title="汝窑品茗杯", tags=["茶"])
    (event,) = market.published(ProductChanged)
    assert (event.title, event.version) == ("汝窑品茗杯", 3)
    assert market.call("list_products", ANONYMOUS, q="品茗")["items"][0]["title"] == "汝窑品茗杯"


def test_a_change_without_effect_is_not_published(market):
    made = market.sell(tea_cup())
    again = market.call("change_product", product_id=made["product_id"], **tea_cup())
    assert again["version"] == made["version"]
    assert market.published(ProductChanged) == []


def test_new_skus_get_their_opening_stock_and_existing_ones_keep_theirs(market):
    made = market.sell(tea_cup())
    skus = [{"code": "TEA-CUP", "option_values": ["小"], "price": price(4900), "stock": 99},
            {"code": "BIG-CUP", "option_values": ["大"], "price": price(6900), "stock": 4}]  # fmt: skip
    changed = market.call("change_product", product_id=made["product_id"], option_names=["尺码"], skus=skus)
    assert [(sku["code"], sku["on_hand"]) for sku in changed["skus"]] == [("TEA-CUP", 10), ("BIG-CUP", 4)]
    assert changed["skus"][0]["sku_id"] == made["skus"][0]["sku_id"]


def test_a_withdrawn_product_is_gone_until_it_is_listed_again(market):
    made = market.sell(tea_cup())
    market.call("withdraw_product", product_id=made["product_id"])
    market.call("withdraw_product", product_id=made["product_id"])
    assert [event.version for event in market.published(ProductWithdrawn)] == [3]
    with pytest.raises(ProductUnlisted):
        market.call("get_product", ANONYMOUS, product_id=made["product_id"])
    market.call("publish_product", product_id=made["product_id"])
    assert market.call("get_product", ANONYMOUS, product_id=made["product_id"])["title"] == made["title"]
    assert [event.version for event in market.published(ProductPublished)] == [2, 4]


def test_a_cart_shows_listed_and_unlisted_skus_but_no_drafts(market):
    cup = market.sell(tea_cup())
    blanket, draft = market.sell(quilt()), create(market, tea_cup(handle="secret"))
    market.call("withdraw_product", product_id=blanket["product_id"])
    requested = [one["skus"][0]["sku_id"] for one in (cup, blanket, draft)] + [str(new_id())]
    shown = {card["title"]: card for card in market.call("get_skus", ANONYMOUS, sku_ids=requested)["items"]}
    assert shown["汝窑茶杯"] == {
        "sku_id": requested[0], "product_id": cup["product_id"],
        "shop_id": str(market.shop_id), "shop": "湖畔小店",
        "title": "汝窑茶杯", "options": "", "image": "/media/tea-cup.svg", "price": price(5900),
        "available": 10, "on_shelf": True,
    }  # fmt: skip
    assert (shown["蚕丝被"]["options"], shown["蚕丝被"]["on_shelf"]) == ("尺码: S / 颜色: 红", False)
    assert len(shown) == 2


def test_a_suspended_shops_products_are_withdrawn_until_it_is_approved_again(market):
    sold, draft = market.sell(tea_cup()), create(market, quilt())
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=2))
    market.settle()
    assert [str(event.product_id) for event in market.published(ProductWithdrawn)] == [sold["product_id"]]
    assert market.call("list_products", ANONYMOUS)["items"] == []
    with pytest.raises(ShopSuspended):
        market.call("publish_product", product_id=draft["product_id"])
    market.receive(approved(market.shop_id, version=3))
    market.settle()
    assert [item["product_id"] for item in market.call("list_products", ANONYMOUS)["items"]] == [
        sold["product_id"]
    ]
    assert [event.version for event in market.published(ProductPublished)] == [2, 4]


def test_an_older_event_of_a_shop_is_ignored(market):
    made = market.sell(tea_cup())
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=5))
    market.receive(approved(market.shop_id, version=4))
    market.receive(users.ShopSuspended(shop_id=market.shop_id, version=3))
    market.settle()
    assert market.call("get_shop_product", product_id=made["product_id"])["shelf"] == "suspended"


def test_a_suspension_received_first_holds_until_a_newer_approval(market):
    late = new_id()
    market.receive(users.ShopSuspended(shop_id=late, version=2))
    market.receive(approved(late, slug="late", version=1))
    with pytest.raises(ShopSuspended):
        market.call("create_product", merchant_of(late), shop_id=str(late), **tea_cup())


def test_a_key_used_twice_creates_one_product(market):
    made, again = (create(market, tea_cup(idempotency_key="once")) for _ in range(2))
    assert made == again
    with pytest.raises(KeyReused):
        create(market, quilt(idempotency_key="once"))


def test_a_handle_names_one_product_of_a_shop(market):
    create(market)
    with pytest.raises(HandleTaken):
        create(market)
    create(market, handle="tea-cup-2")


@pytest.mark.parametrize("method", ["get_shop_product", "change_product", "publish_product", "withdraw_product"])
def test_another_shops_products_are_forbidden(market, method):
    made = create(market)
    stranger = merchant_of(new_id())
    with pytest.raises(Forbidden):
        market.call(method, stranger, product_id=made["product_id"])
    with pytest.raises(ProductNotFound):
        market.call(method, stranger, product_id=str(new_id()))


@pytest.mark.parametrize("method", ["adjust_stock", "get_stock"])
def test_another_shops_stock_is_forbidden(market, method):
    sku_id, stranger = create(market)["skus"][0]["sku_id"], merchant_of(new_id())
    with pytest.raises(Forbidden):
        market.call(method, stranger, sku_id=sku_id, change=1, reason="mine")
    with pytest.raises(SkuNotFound):
        market.call(method, stranger, sku_id=str(new_id()), change=1, reason="mine")


def test_an_unknown_shop_has_no_products(market):
    unknown = new_id()
    for method in ("create_product", "list_shop_products"):
        with pytest.raises(ShopNotFound):
            market.call(method, merchant_of(unknown), shop_id=str(unknown), **tea_cup())


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"title": ""}, Misshapen),
        ({"title": "T" * 256}, Misshapen),
        ({"skus": []}, Misshapen),
        ({"skus": [{"price": price(-1)}]}, Misshapen),
        ({"skus": [{"price": {"amount": 1.5, "currency": "CNY"}}]}, Misshapen),
        ({"skus": [{"price": {"amount": 1, "currency": "USD"}}]}, ForeignCurrency),
        ({"skus": [{"price": price(1), "option_values": ["S"]}]}, OptionsInvalid),
        ({"option_names": ["尺码"]}, OptionsInvalid),
        ({"skus": [{"price": price(1)}, {"price": price(2)}]}, SkuAmbiguous),
        ({"pictures": [{"src": "javascript:alert(1)"}]}, PictureAddressInvalid),
        ({"tags": [""]}, TagsInvalid),
    ],
)
def test_an_invalid_request_creates_nothing(shared_market, wrong, refusal):
    with pytest.raises(refusal):
        create(shared_market, **wrong)
    assert shared_market.call("list_shop_products", shop_id=str(shared_market.shop_id))["items"] == []


def test_a_change_made_from_an_old_version_is_refused(market):
    made = market.sell(tea_cup())
    with pytest.raises(VersionOutdated):
        market.call("change_product", product_id=made["product_id"], version=1, title="late")


def test_stock_is_adjusted_with_a_reason_and_never_below_the_reserved_units(market):
    sku_id = market.sell(tea_cup())["skus"][0]["sku_id"]
    market.receive(wanted(UUID(sku_id), 4))
    assert market.call("adjust_stock", sku_id=sku_id, change=-6, reason="broken")["available"] == 0
    with pytest.raises(BelowReserved):
        market.call("adjust_stock", sku_id=sku_id, change=-1, reason="broken")
    with pytest.raises(StockUnchanged):
        market.call("adjust_stock", sku_id=sku_id, change=0, reason="nothing")
    entries = market.call("get_stock", sku_id=sku_id)["items"]
    assert [(one["kind"], one["change"], one["reason"]) for one in entries] == [
        ("adjusted", -6, "broken"),
        ("received", 10, ""),
    ]


def test_an_adjustment_sent_twice_with_one_key_is_made_once(market):
    sku_id = create(market)["skus"][0]["sku_id"]
    for _ in range(2):
        market.call("adjust_stock", sku_id=sku_id, change=5, reason="delivery", idempotency_key="lorry-1")
    assert market.stock(sku_id).on_hand == 15


def test_the_journal_is_read_in_pages(market):
    sku_id = create(market)["skus"][0]["sku_id"]
    for change in range(1, 5):
        market.call("adjust_stock", sku_id=sku_id, change=change, reason="delivery")
    first = market.call("get_stock", sku_id=sku_id, limit=3)
    rest = market.call("get_stock", sku_id=sku_id, limit=3, cursor=first["next"])
    assert [one["change"] for one in first["items"] + rest["items"]] == [4, 3, 2, 1, 10]
    assert rest["next"] is None

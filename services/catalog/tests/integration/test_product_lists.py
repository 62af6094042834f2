"""Lists of products: filters, search, order and pages."""

import pytest

from catalog.cursors import CursorInvalid
from services.catalog.tests.builders import approved, merchant_of, price, tea_cup
from shared.auth import ANONYMOUS
from shared.ids import new_id
from shared.shapes import Misshapen

PRODUCTS = [
    ("轻奢纯棉四件套", "居家 > 床品 > 四件套", 89900),
    ("羊毛被", "居家 > 床品", 45900),
    ("Ocean Blue Shirt", "Clothes", 5000),
    ("100%棉衬衫", "Clothes", 5000),
    ("居家拖鞋", "居家用品", 1900),
]


def stocked(market):
    for title, category, fen in PRODUCTS:
        market.sell(tea_cup(title=title, category=category, brand="", tags=[], skus=[{"price": price(fen)}]))
    return market


@pytest.fixture(scope="module")
def shelf(shared_market):
    """A market with five listed products, in the order of PRODUCTS; no test changes them."""
    return stocked(shared_market)


def titles(page):
    return [item["title"] for item in page["items"]]


def found(shelf, **request):
    return titles(shelf.call("list_products", ANONYMOUS, **request))


def test_the_newest_products_come_first(shelf):
    assert found(shelf) == [title for title, *_ in reversed(PRODUCTS)]


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("四件", {"轻奢纯棉四件套"}),
        ("棉", {"轻奢纯棉四件套", "100%棉衬衫"}),
        ("ocean", {"Ocean Blue Shirt"}),
        ("shirt BLUE", {"Ocean Blue Shirt"}),
        ("件四", set()),
        ("床品 羊毛", {"羊毛被"}),
        ("100%", {"100%棉衬衫"}),
        ("%", set()),
        ("'; DROP TABLE product", set()),
        (" ", {title for title, *_ in PRODUCTS}),
    ],
)
def test_every_word_of_a_query_must_match(shelf, q, expected):
    assert set(found(shelf, q=q)) == expected


def test_a_single_letter_is_found_within_a_word(market):
    shirt, cable, tool = "纯棉T恤", "USB2.0接口线", "snake_case tool"
    for title in (shirt, cable, tool):
        market.sell(tea_cup(title=title, category=None, brand="", tags=[]))
    cases = {
        "_": [tool],
        "case": [tool],
        "USB2.0": [cable],
        "T 恤": [shirt],
        "恤T": [],
        "t": [tool, shirt],
        "t 四": [],
    }
    assert {q: found(market, q=q) for q in cases} == cases


def test_a_category_includes_its_subcategories_but_no_similar_names(shelf):
    assert set(found(shelf, category="居家")) == {"轻奢纯棉四件套", "羊毛被"}
    assert found(shelf, category="居家>床品 > 四件套") == ["轻奢纯棉四件套"]
    assert found(shelf, category="居%") == []


def test_a_shop_filter_shows_only_products_of_the_shop(shelf):
    assert found(shelf, shop_id=str(new_id())) == []
    assert len(found(shelf, shop_id=str(shelf.shop_id))) == 5


def test_the_parts_of_the_sitemap_put_together_are_all_products_on_sale(market, monkeypatch):
    monkeypatch.setattr("catalog.listing.store.PER_PART", 2)
    stocked(market).call("create_product", shop_id=str(market.shop_id), **tea_cup(title="新品"))
    parts = [None, *market.call("get_sitemap_parts", ANONYMOUS)["after"]]
    listed = [
        item["product_id"]
        for after in parts
        for item in market.call("get_sitemap_part", ANONYMOUS, after=after)["items"]
    ]
    on_sale = [card["product_id"] for card in market.call("list_products", ANONYMOUS)["items"]]
    assert (len(parts), listed) == (3, on_sale[::-1])


@pytest.mark.parametrize("sort", ["newest", "price_up", "price_down"])
def test_pages_put_together_are_the_whole_list(shelf, sort):
    seen, cursor = [], None
    while True:
        page = shelf.call("list_products", ANONYMOUS, sort=sort, limit=2, cursor=cursor)
        seen += titles(page)
        if (cursor := page["next"]) is None:
            break
    assert seen == found(shelf, sort=sort)
    assert len(seen) == 5


def test_products_are_sorted_by_price_in_both_directions(shelf):
    cards = shelf.call("list_products", ANONYMOUS, sort="price_up")["items"]
    amounts = [card["price_from"]["amount"] for card in cards]
    assert amounts == sorted(amounts)
    assert found(shelf, sort="price_down")[0] == "轻奢纯棉四件套"


def test_a_cursor_of_another_sort_order_is_refused(shelf):
    cursor = shelf.call("list_products", ANONYMOUS, limit=1)["next"]
    with pytest.raises(CursorInvalid):
        shelf.call("list_products", ANONYMOUS, limit=1, sort="price_up", cursor=cursor)
    with pytest.raises(CursorInvalid):
        shelf.call("list_products", ANONYMOUS, cursor="bm9uc2Vuc2U")


@pytest.mark.parametrize(
    "wrong", [{"limit": 0}, {"limit": 101}, {"sort": "cheapest"}, {"q": "q" * 101}, {"shop_id": 7}]
)
def test_an_invalid_list_request_is_refused(shelf, wrong):
    with pytest.raises(Misshapen):
        shelf.call("list_products", ANONYMOUS, **wrong)


def test_the_category_tree_counts_visible_products_in_and_below_each_category(shelf):
    tree = {one["path"]: one for one in shelf.call("list_categories", ANONYMOUS)["items"]}
    assert {path: one["products"] for path, one in tree.items()} == {
        "Clothes": 2, "居家": 2, "居家 > 床品": 2, "居家 > 床品 > 四件套": 1, "居家用品": 1,
    }  # fmt: skip
    assert (tree["居家 > 床品"]["name"], tree["居家 > 床品"]["parent"]) == ("床品", "居家")


def test_a_merchant_lists_drafts_too_and_in_pages(market):
    stocked(market).call("create_product", shop_id=str(market.shop_id), **tea_cup(title="新品"))
    own = {"shop_id": str(market.shop_id)}
    assert titles(market.call("list_shop_products", **own, shelf="draft")) == ["新品"]
    first = market.call("list_shop_products", **own, limit=4)
    rest = market.call("list_shop_products", **own, limit=4, cursor=first["next"])
    assert len(titles(first) + titles(rest)) == 6


def test_products_of_two_shops_are_in_one_list(market):
    stocked(market)
    market.shop_id = new_id()
    market.merchant = merchant_of(market.shop_id)
    market.receive(approved(market.shop_id, slug="hillside"))
    market.sell(tea_cup(title="山间茶壶"))
    assert found(market)[0] == "山间茶壶"
    assert len(found(market)) == 6

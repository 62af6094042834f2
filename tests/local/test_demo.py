"""The demo's products, accounts, and the state that a start finds."""

import csv
import io
import json
import re
import stat

import pytest

from local.api import Problem
from local.demo import goods, loader, people

PRODUCTS = {
    "shanhe-home": 17,
    "little-otter": 11,
    "inkstone": 11,
    "shefeng-studio": 9,
    "dingshan-teapots": 9,
    "shanyu-pottery": 9,
}
CATEGORIES = {"茶器", "厨房", "灯与家具", "床品", "书画", "文具", "母婴", "杯与餐具"}
ALL = [row for shop in PRODUCTS for row in goods.rows(shop)]
FIRST = [row for row in ALL if row["Title"]]
VARIANTS = [row for row in ALL if row["Variant SKU"]]


@pytest.mark.parametrize("shop", loader.SHOPS)
def test_every_shop_has_its_products_with_valid_prices_and_stock(shop):
    rows = goods.rows(shop)
    assert len({row["Handle"] for row in rows}) == PRODUCTS[shop]
    for row in rows:
        if row["Variant SKU"]:
            assert float(row["Variant Price"]) > 0
            assert float(row["Variant Compare At Price"] or "inf") > float(row["Variant Price"])
            assert int(row["Variant Inventory Qty"]) >= 0
        else:
            assert row["Image Src"]


def test_no_sku_and_no_handle_is_used_twice():
    skus = [row["Variant SKU"] for row in VARIANTS]
    assert len(skus) == len(set(skus))
    titled = [row["Handle"] for row in FIRST]
    assert len(titled) == len(set(titled)) == sum(PRODUCTS.values())


def test_every_top_category_has_at_least_four_listed_products_and_every_other_two():
    paths = [row["Product Category"] for row in FIRST if row["Status"] == "active"]
    tops = [path.split(" > ")[0] for path in paths]
    assert set(tops) == CATEGORIES
    assert min(map(tops.count, tops)) >= 4
    assert min(map(paths.count, paths)) >= 2


@pytest.mark.parametrize("row", FIRST, ids=lambda row: row["Handle"])
def test_a_description_is_a_short_text_and_a_list_of_facts_without_exclamations(row):
    text, facts = re.fullmatch(r"<p>(.+)</p>\n<ul>\n((?:<li>.+</li>\n)+)</ul>", row["Body (HTML)"]).groups()
    assert 40 <= len(text) <= (170 if row["Vendor"] == "Inkstone" else 120)
    assert facts
    assert not re.search("[!！]", row["Title"] + row["Body (HTML)"])


def test_one_product_is_sold_out_and_some_variants_of_others_are():
    stock = {}
    for row in VARIANTS:
        stock.setdefault(row["Handle"], []).append(int(row["Variant Inventory Qty"]))
    drafts = {row["Handle"] for row in FIRST if row["Status"] == "draft"}
    assert [handle for handle, left in stock.items() if not any(left) and handle not in drafts] == ["seal-stone"]
    assert sum(0 in left and any(left) for left in stock.values()) >= 5


def test_every_shop_of_the_demo_has_products_a_coupon_and_an_owner(tmp_path):
    assert loader.SHOPS.keys() == loader.COUPONS.keys() == PRODUCTS.keys()
    assert all(people.owner(tmp_path, shop) for shop in loader.SHOPS)


def test_passwords_are_created_once_for_an_installation_and_readable_by_its_owner_only(tmp_path):
    cast = people.people(tmp_path)
    assert people.people(tmp_path) == cast
    assert len({person.password for person in cast}) == len(cast) == 9
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_an_installation_with_fewer_accounts_gets_the_others_and_keeps_its_passwords(tmp_path):
    file = tmp_path / "demo.json"
    complete = people.people(tmp_path)
    file.write_text(json.dumps([one for one in json.loads(file.read_text()) if one["shop"] in (None, "inkstone")]))
    cast = people.people(tmp_path)
    assert {one.email for one in cast} == {one.email for one in complete}
    assert people.people(tmp_path) == cast
    assert [one for one in cast if one in complete] == [one for one in complete if one.shop in (None, "inkstone")]


class Shop:
    """The API as the owner of a shop with these products sees it, with an import that may be unfinished."""

    def __init__(self, *handles, importing=()):
        self.handles, self.importing, self.files = list(handles), list(importing), []

    def get(self, path):
        if path.startswith("/merchant/products?"):
            return {"items": [{"product_id": each} for each in self.handles]}
        return {"handle": path.rpartition("/")[2]}

    def begin_import(self, _query, content, *, key):
        if self.importing:
            self.handles.append(self.importing.pop())
            raise Problem(409, "import_in_progress", key)
        self.files.append({row["Handle"] for row in csv.DictReader(io.StringIO(content.decode()))})
        return {"import_id": key}


HANDLES = {row["Handle"] for row in goods.rows("inkstone")}


def imports(shop):
    """The products of the files that the loader imports into the shop."""
    loader._begin_import(shop, "id", "inkstone")
    return shop.files


def test_a_new_shop_gets_the_whole_file_and_a_filled_one_none():
    assert imports(Shop()) == [HANDLES]
    assert imports(Shop(*HANDLES)) == []


def test_a_shop_of_an_earlier_version_gets_only_the_products_that_it_does_not_have():
    assert imports(Shop("dot-grid-notebook", "scissors")) == [HANDLES - {"dot-grid-notebook", "scissors"}]


def test_an_import_of_an_earlier_start_is_awaited_and_only_the_rest_is_imported():
    begun = Shop("dot-grid-notebook", importing=["scissors", "xuan-paper"])
    assert imports(begun) == [HANDLES - {"dot-grid-notebook", "scissors", "xuan-paper"}]

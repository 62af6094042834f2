"""The demo's products, pictures and accounts."""

import csv
import io
import json
import stat

import pytest

from local.api import Problem
from local.demo import goods, loader
from local.demo.people import owner, people

PRODUCT_FILES = sorted(goods.FOLDER.glob("*.csv"))


def rows_of(file):
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("file", PRODUCT_FILES, ids=lambda file: file.stem)
def test_every_shop_has_eight_products_with_valid_prices_and_stock(file):
    rows = rows_of(file)
    assert len({row["Handle"] for row in rows}) == 8
    for row in rows:
        if row["Variant SKU"]:
            assert float(row["Variant Price"]) > 0
            assert int(row["Variant Inventory Qty"]) >= 0
        else:
            assert row["Image Src"]


def test_no_sku_and_no_handle_is_used_twice():
    rows = [row for file in PRODUCT_FILES for row in rows_of(file)]
    skus = [row["Variant SKU"] for row in rows if row["Variant SKU"]]
    assert len(skus) == len(set(skus))
    titled = [row["Handle"] for row in rows if row["Title"]]
    assert len(titled) == len(set(titled)) == 24


def test_every_shop_of_the_demo_has_products_a_coupon_and_an_owner(tmp_path):
    for shop in loader.SHOPS:
        assert (goods.FOLDER / f"{shop}.csv").exists()
        assert shop in loader.COUPONS
        assert owner(tmp_path, shop)


def test_passwords_are_created_once_for_an_installation_and_readable_by_its_owner_only(tmp_path):
    cast = people(tmp_path)
    assert people(tmp_path) == cast
    assert len({person.password for person in cast}) == len(cast) == 6
    assert stat.S_IMODE((tmp_path / "demo.json").stat().st_mode) == 0o600


def test_an_installation_with_fewer_accounts_gets_the_others_and_keeps_its_passwords(tmp_path):
    file = tmp_path / "demo.json"
    complete = people(tmp_path)
    file.write_text(json.dumps([one for one in json.loads(file.read_text()) if one["shop"] in (None, "inkstone")]))
    cast = people(tmp_path)
    assert {one.email for one in cast} == {one.email for one in complete}
    assert people(tmp_path) == cast
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
    assert imports(Shop("dot-grid-notebook", "washi-tape-set")) == [
        HANDLES - {"dot-grid-notebook", "washi-tape-set"}
    ]


def test_an_import_of_an_earlier_start_is_awaited_and_only_the_rest_is_imported():
    begun = Shop("dot-grid-notebook", importing=["washi-tape-set", "xuan-paper"])
    assert imports(begun) == [HANDLES - {"dot-grid-notebook", "washi-tape-set", "xuan-paper"}]

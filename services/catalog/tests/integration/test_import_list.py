"""A shop lists its imports."""

import pytest

from services.catalog.tests.builders import merchant_of
from shared.errors import Forbidden
from shared.ids import new_id

HEADER = "Handle,Title,Variant SKU,Variant Price,Variant Inventory Qty,Published"
GOOD, BAD = f"{HEADER}\npen,钢笔,PEN,12.00,7,true\n", f"{HEADER}\npen,钢笔,PEN,free,7,true\n"


def listed(market, **page):
    return market.call("list_imports", shop_id=str(market.shop_id), **page)


def test_imports_are_listed_newest_first_with_their_results_in_numbers(market):
    good, bad = market.import_file(GOOD, filename="good.csv"), market.import_file(BAD, filename="bad.csv")
    waiting = market.call("import_products", shop="lakeside", filename="next.csv", csv=GOOD)
    newest, second, first = listed(market)["items"]
    assert [one["import_id"] for one in (newest, second, first)] == [
        waiting["import_id"],
        bad["import_id"],
        good["import_id"],
    ]
    assert (newest["filename"], newest["state"], newest["rows"], newest["errors_total"]) == (
        "next.csv",
        "waiting",
        None,
        None,
    )
    assert (first["state"], first["products"], first["errors_total"]) == ("done", good["report"]["products"], 0)
    assert (second["rows"], second["errors_total"]) == (bad["report"]["rows"], bad["report"]["errors_total"])
    assert second["errors_total"] > 0
    assert "report" not in first


def test_imports_are_listed_page_by_page(market):
    made = [market.import_file(GOOD)["import_id"] for _ in range(3)]
    first = listed(market, limit=2)
    rest = listed(market, limit=2, cursor=first["next"])
    assert [one["import_id"] for one in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


def test_the_imports_of_another_shop_are_refused(market):
    with pytest.raises(Forbidden):
        market.call("list_imports", merchant_of(new_id()), shop_id=str(market.shop_id))

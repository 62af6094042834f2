"""The public category tree counts listed products, at a cost that does not grow with their number."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.cursors import CursorInvalid
from catalog.listing.store import CATEGORIES
from catalog.service import CatalogService
from services.catalog.tests.builders import tea_cup
from shared.auth import ANONYMOUS
from shared.ids import new_id
from shared.testing import service

HEADER = "Handle,Title,Variant Price,Product Category,Status"
MANY = """
    INSERT INTO product (product_id, shop_id, handle, title, description, brand, kind, category, tags,
        option_names, shelf, version, price_from, currency, search_text, search_terms, updated_at)
    SELECT gen_random_uuid(), shop_id, handle || n, title, description, brand, kind, category, tags, option_names,
        'on_shelf', 1, price_from, currency, search_text, '{}', updated_at
    FROM product CROSS JOIN generate_series(2, 3000) AS n
"""
PATHS = ["茶", "茶 > 红茶", "茶 > 绿茶", "茶 > 绿茶 > 龙井", "茶具"]


def tree(market, **page):
    return {one["path"]: one["products"] for one in market.call("list_categories", ANONYMOUS, **page)["items"]}


def add_up(market):
    service(CatalogService, market.open_work).add_up_categories()


def rows(market):
    with market.open_work() as work:
        return work.connection.execute(sa.text("SELECT count(*) FROM category_count")).scalar_one()


def test_a_draft_is_not_counted_in_the_tree(market):
    made = market.call("create_product", shop_id=str(market.shop_id), **tea_cup(category="秘密 > 新品"))
    market.import_file(HEADER + "\n" + "\n".join(f"d{n},D,1,广告 {n} > <b>,draft" for n in range(60)))
    assert tree(market) == {}
    market.call("publish_product", product_id=made["product_id"])
    assert tree(market) == {"秘密": 1, "秘密 > 新品": 1}
    market.call("withdraw_product", product_id=made["product_id"])
    assert tree(market) == {}


def test_a_product_counts_in_its_category_and_all_ancestors(market):
    green = market.sell(tea_cup(title="龙井", category="茶 > 绿茶"))
    market.sell(tea_cup(title="祁门", category="茶 > 红茶"))
    assert tree(market) == {"茶": 2, "茶 > 红茶": 1, "茶 > 绿茶": 1}
    market.call("change_product", product_id=green["product_id"], category="茶 > 红茶")
    add_up(market)
    assert tree(market) == {"茶": 2, "茶 > 红茶": 2}
    market.call("change_product", product_id=green["product_id"], category="")
    assert tree(market) == {"茶": 1, "茶 > 红茶": 1}


ACTIONS = st.tuples(st.integers(0, 2), st.sampled_from(["publish_product", "withdraw_product", "add_up", *PATHS]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5, deadline=None)
@given(actions=st.lists(ACTIONS, max_size=8))
def test_the_tree_equals_a_count_of_the_listed_products(market, actions):
    cups = [market.sell(tea_cup(title=str(new_id()), category=PATHS[n]))["product_id"] for n in range(3)]
    for n, action in actions:
        if action == "add_up":
            add_up(market)
        elif action in PATHS:
            market.call("change_product", product_id=cups[n], category=action)
        else:
            market.call(action, product_id=cups[n])
    listed = [each["category"] for each in market.call("list_products", ANONYMOUS, limit=100)["items"]]
    counted = {path: sum(f"{at} > ".startswith(f"{path} > ") for at in listed) for path in PATHS}
    assert tree(market) == {path: count for path, count in counted.items() if count}


def test_the_tree_is_paged_parents_first(market):
    for path in PATHS:
        market.sell(tea_cup(title=path, category=path))
    seen, cursor = [], None
    while True:
        page = market.call("list_categories", ANONYMOUS, limit=2, cursor=cursor)
        seen += [one["path"] for one in page["items"]]
        if (cursor := page["next"]) is None:
            break
    assert sorted(seen) == sorted(PATHS)
    assert all(seen.index(path.rpartition(" > ")[0]) < seen.index(path) for path in seen if " > " in path)
    with pytest.raises(CursorInvalid):
        market.call("list_categories", ANONYMOUS, cursor="bm9uc2Vuc2U")


def test_concurrent_processes_sum_rows_without_loss(market):
    market.sell(tea_cup(category="茶 > 绿茶"))
    with market.open_work() as work:
        work.connection.execute(sa.text(MANY))
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(add_up, market) for _ in range(4)]:
            done.result()
    add_up(market)
    assert tree(market) == {"茶": 3000, "茶 > 绿茶": 3000}
    assert rows(market) == 2


def test_the_cost_of_the_tree_does_not_grow_with_the_number_of_products(market):
    market.sell(tea_cup(category="茶 > 绿茶"))
    with market.open_work() as work:
        work.connection.execute(sa.text(MANY))
    add_up(market)
    with market.open_work() as work:
        plan = work.connection.execute(
            sa.text(f"EXPLAIN (ANALYZE, FORMAT JSON) {CATEGORIES.text}"), {"after": "", "most": 21}
        ).scalar_one()
    read = json.dumps(plan)
    assert '"Relation Name": "category_count"' in read
    assert '"Relation Name": "product"' not in read
    assert rows(market) == 2

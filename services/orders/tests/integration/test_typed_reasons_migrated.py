"""Orders and refunds of a database from before reasons were codes keep what people typed."""

import importlib.util

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from services.orders.tests.quotes import a_quoted_shop
from shared import migrate


def migration(name):
    spec = importlib.util.spec_from_file_location(name, migrate.folder("orders") / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def from_before(open_work):
    """Have the database as it was before, with these reasons of an order, and migrate it."""

    reasons_are_codes, personal = migration("0013_pre_reasons"), migration("0018_pre_personal")

    def _from_before(**reasons):
        with open_work() as work, Operations.context(MigrationContext.configure(work.connection)):
            personal.downgrade()
            reasons_are_codes.downgrade()
            for order_id, reason in reasons.items():
                known = {"id": order_id, "reason": reason}
                work.connection.execute(text("UPDATE orders SET reason = :reason WHERE order_id = :id"), known)
            reasons_are_codes.upgrade()
            personal.upgrade()

    return _from_before


def reasons(document):
    return document["reason"], document["reason_text"]


def test_what_people_typed_is_kept_and_who_they_were_becomes_the_code(
    ask, peers, confirmed, shopper, merchant, from_before
):
    (shop_id,) = merchant.shops
    mine, refused, whole = (confirmed(a_quoted_shop(shop_id=shop_id))["orders"][0]["order_id"] for _ in range(3))
    ask("cancel_order", shopper, order_id=mine, reason_text="不要了")
    ask("refuse_order", merchant, order_id=refused, reason_text="缺货")
    ask("request_refund", shopper, order_id=whole, whole=True, reason_text="全要", idempotency_key="k")
    peers.answer_all()
    from_before()
    assert reasons(ask("get_order", shopper, order_id=mine)) == ("cancelled_by_buyer", "不要了")
    after = ask("get_order", shopper, order_id=refused)
    assert reasons(after) == ("refused_by_shop", "缺货")
    assert reasons(after["refunds"][0]) == ("order_cancelled", "缺货")
    assert ask("get_order", shopper, order_id=whole)["reason_text"] == "全要"


def test_a_code_of_the_provider_becomes_that_the_payment_was_refused(ask, confirmed, shopper, from_before):
    (first, second) = confirmed(a_quoted_shop(), a_quoted_shop())["orders"]
    from_before(**{first["order_id"]: "provider_silent", second["order_id"]: "out_of_stock"})
    assert reasons(ask("get_order", shopper, order_id=first["order_id"])) == ("payment_refused", None)
    assert reasons(ask("get_order", shopper, order_id=second["order_id"])) == ("out_of_stock", None)

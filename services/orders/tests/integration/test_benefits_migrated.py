"""Checkouts of a database from before benefits were tagged keep their coupons, and what stood in their way."""

import importlib.util
import json

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from orders.checkout.model.process import CheckoutProcess
from services.orders.tests.quotes import a_benefit, a_quote, a_wish
from shared import migrate, shapes
from shared.contracts.marketing import CouponBenefit
from shared.ids import new_id


@pytest.fixture
def migration():
    path = migrate.folder("orders") / "0014_pre_benefits.py"
    spec = importlib.util.spec_from_file_location("benefits", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_coupons_become_benefits_in_checkouts_refusals_reasons_and_sagas(ask, shopper, sign, open_work, migration):
    used, gone = new_id(), new_id()
    placed = ask("check_out", shopper, **a_wish(sign(a_quote(shopper, benefits=[a_benefit(used)]))))
    refusal = json.dumps({"lines": [], "coupon_ids": [str(gone)]})
    with open_work() as work, Operations.context(MigrationContext.configure(work.connection)):
        migration.downgrade()
        (row,) = work.connection.execute(text("SELECT coupon_ids FROM checkout"))
        assert row.coupon_ids == [used]
        before = "UPDATE {} SET reason = 'coupon_taken', refusal = CAST(:refusal AS jsonb)"
        for table in ("checkout", "orders"):
            work.connection.execute(text(before.format(table)), {"refusal": refusal})
        state = "UPDATE saga SET state = jsonb_set(state, '{refusal}', CAST(:refusal AS jsonb))"
        work.connection.execute(text(state), {"refusal": refusal})
        migration.upgrade()
        process = shapes.load(
            CheckoutProcess, work.connection.execute(text("SELECT state FROM saga")).scalar_one()
        )
        assert work.checkouts.get(process.checkout_id).benefits == (CouponBenefit(coupon_id=used),)
    assert process.benefits == (CouponBenefit(coupon_id=used),)
    assert process.refusal.benefits == (CouponBenefit(coupon_id=gone),)
    seen = ask("get_checkout", shopper, checkout_id=placed["checkout_id"])
    assert (seen["reason"], seen["refusal"]) == ("benefit_taken", {"lines": [], "benefits": [a_benefit(gone)]})
    assert seen["orders"][0]["refusal"] == seen["refusal"]

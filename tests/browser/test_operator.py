"""What operators mend with their pages: a finding of the auditor, a saga that is stuck."""

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from local.draining import wait_until_drained
from tests.browser.people import SOON, Reader
from tests.e2e.people import Shopper, User, until
from tests.e2e.stuck import stuck_cancellation
from tests.e2e.test_auditing import FINDING, HOLD

REASON = "checked with the warehouse"


@pytest.fixture
def operator(visit, cast):
    """Opens a page as an operator."""

    def opens(path):
        reader = Reader(visit("desk", "en"), "operator")
        reader.visitor.signs_in(cast["operator"], path)
        return reader

    return opens


@pytest.fixture
def by_api(market, cast):
    person = cast["operator"]
    return User(market.url).signs_in(person.email, person.password)


def test_b3_a_finding_of_the_auditor_is_repaired(market, servers, operator, by_api):
    until(lambda: by_api.get("/operator/audit"), lambda audit: audit["state"] != "unknown")
    wait_until_drained(market.site, servers)
    with create_engine(market.site.databases["catalog"]).begin() as connection:
        checkout_id = connection.execute(text(HOLD)).scalar_one()
    with create_engine(market.site.databases["users"]).begin() as connection:
        connection.execute(text(FINDING), {"checkout_id": checkout_id})
    reader = operator("/operator/auditor")
    finding = reader.page.locator(".finding").filter(has_text=checkout_id)
    finding.get_by_role("button", name=reader.says("auditor.repair")).click()
    finding.get_by_role("textbox").fill(REASON)
    finding.get_by_role("button", name=reader.says("auditor.repair_do")).click()
    expect(finding.get_by_text(reader.says("auditor.repaired"))).to_be_visible(timeout=SOON)
    reader.visitor.visits(f"/operator/log?about=checkout {checkout_id}")
    expect(reader.page.locator("main tbody tr")).to_have_count(1)


def test_sg_17_a_stuck_saga_is_found_and_resumed(market, operator, by_api, goods, provider):
    shopper = Shopper(market.url).registers()
    placed = shopper.checks_out((goods["skus"][0]["sku_id"], 1))
    (order,) = placed["orders"]
    provider.pays(shopper.waits_for_qr_code(placed))
    shopper.waits_for(placed, "confirmed")
    with stuck_cancellation(market, by_api, shopper, order) as saga:
        reader = operator("/operator/sagas?status=stuck")
        reader.page.locator(f"main a[href*='{saga()['saga_id']}']").first.click()
        reader.page.get_by_role("radio", name=reader.says("sagas.actions.resume")).check()
        reader.page.locator("main form").get_by_role("textbox").fill(REASON)
        reader.button("sagas.actions.resume").click()
        reader.sees("sagas.inputs.resume", within=SOON)
    shopper.waits_for_refund(order)
    until(saga, lambda found: found["status"] == "done")

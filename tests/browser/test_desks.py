"""The desks: an operator's dead letter, a merchant's import with bad rows, a session that ends."""

import amqp
import pytest
from playwright.sync_api import expect

from shared.delivery import TRIES
from shared.ids import new_id
from shared.link import connect
from shared.message_encoding import queue_name
from tests.browser.people import SOON, Reader, signs_in_at_desk

TOPIC = "catalog.restock.v1"
COLUMNS = "Handle,Title,Vendor,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price"
ROWS = f"""{COLUMNS}
good-cup,好杯子,山隅,杯,true,颜色,青,GOOD-1,39.90
bad-cup,坏杯子,山隅,杯,true,颜色,青,BAD-1,一百
"""


def poison(market):
    """A message that its service cannot read, after the last of its tries."""
    headers = {"cloudEvents_id": str(new_id()), "cloudEvents_type": TOPIC, TRIES: 12}
    message = amqp.Message(
        b"no json", application_headers=headers, delivery_mode=2, content_type="application/json"
    )
    with connect(market.site.amqp_url) as connection:
        connection.channel().basic_publish_confirm(message, "", queue_name("catalog", TOPIC))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_dl_07_an_operator_reads_why_a_message_failed_and_archives_it(visit, market, cast, language):
    poison(market)
    operator = Reader(visit("desk", language), "operator")
    signs_in_at_desk(operator, cast["operator"], "/operator/dead-letters")
    group = operator.page.get_by_text(TOPIC).first
    expect(group).to_be_visible(timeout=SOON)
    group.click()
    operator.page.get_by_role("radio", name=operator.says("letters.acts.archive")).check()
    expect(operator.page.get_by_text("no json").first).to_be_visible()
    operator.page.locator("main form").get_by_role("textbox").fill("a test message")
    operator.button("letters.acts.archive").click()
    operator.sees("letters.did.archive")
    operator.sees("letters.none_open")
    operator.page.goto("/operator/dead-letters?state=archived")
    expect(operator.page.get_by_text(TOPIC).first).to_be_visible()


def test_m5_an_import_says_which_rows_are_wrong_and_imports_the_others(visit, cast):
    owner = Reader(visit("desk", "zh-CN"), "merchant")
    signs_in_at_desk(owner, cast["shanyu-pottery"], "/merchant/imports")
    rows = {"name": "goods.csv", "mimeType": "text/csv", "buffer": ROWS.encode()}
    owner.page.locator("input[type=file]").set_input_files(rows)
    expect(owner.page.get_by_text("BAD-1").or_(owner.page.get_by_text("bad-cup")).first).to_be_visible(
        timeout=SOON
    )
    owner.page.goto("/merchant/products?q=好杯子")
    expect(owner.page.get_by_text("好杯子").first).to_be_visible()


def test_a_shopper_is_told_that_the_desk_is_not_theirs(visit, cast):
    shopper = Reader(visit("desk", "en"), "merchant")
    shopper.visitor.signs_in(cast["shopper"], "/merchant/")
    shopper.sees("desk.sign_in.not_yours")


def test_a_desk_whose_session_cannot_be_refreshed_now_says_so_and_goes_on_when_it_can(visit, cast):
    owner = Reader(visit("desk", "en"), "merchant")
    owner.visitor.signs_in(cast["shanyu-pottery"], "/merchant/")
    refresh = "**/browser-sessions/refresh"
    owner.page.route(refresh, lambda route: route.abort())
    owner.page.reload()
    again = owner.button("desk.failure.again")
    expect(again).to_be_visible()
    owner.page.unroute(refresh)
    again.click()
    expect(owner.heading("today.title")).to_be_visible()

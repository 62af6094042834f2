"""The claims of a quote token are a contract with orders, frozen in quote_claims.json."""

import json
from pathlib import Path
from uuid import UUID

from marketing.pricing.model.basket import Want, price
from marketing.pricing.tokens import claims
from services.marketing.tests.builders import coupon, known, named, priced, yuan

FROZEN = Path(__file__).with_name("quote_claims.json")


def test_the_claims_of_a_quote_match_the_contract():
    shelf = {named("TEAPOT"): priced("TEAPOT", yuan(66)), named("TRAY"): priced("TRAY", yuan(40))}
    basket = [Want(named("TEAPOT"), 1), Want(named("TRAY"), 1)]
    assert claims(price(basket, known(shelf, [coupon()]))) == json.loads(FROZEN.read_text())


def test_the_frozen_example_adds_up():
    frozen = json.loads(FROZEN.read_text())
    (shop,) = frozen["shops"]
    assert frozen["total"] == shop["total"] == shop["goods"] - shop["discount"] + shop["shipping"]
    assert shop["goods"] - shop["discount"] == sum(line["paid"] for line in shop["lines"])
    assert UUID(shop["shop_id"]).version

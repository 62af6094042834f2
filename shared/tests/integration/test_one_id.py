"""A message keeps one id through every retry."""

import json

from sqlalchemy import text

from shared.contracts import catalog
from shared.contracts.operating.requests import RetryDeadLetter
from shared.ids import new_id
from shared.operating import dead_letter_actions
from shared.testing import eventually


def low(available):
    """An event that tally cannot handle: 0 fails."""
    return catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available)


def dead_letters_about(tally, sku_id):
    """The dead letters about a SKU, whatever their ids, oldest first."""
    with tally.engine.connect() as connection:
        found = connection.execute(text("SELECT * FROM dead_letter ORDER BY arrived_at")).mappings()
        return [one for one in found if json.loads(bytes(one["body"])).get("sku_id") == str(sku_id)]


def failures(service, message_id):
    """The number of failures of this message in the service's log."""
    lines = service.log().splitlines()
    return len([line for line in lines if '"message failed"' in line and str(message_id) in line])


def test_ec_02_a_message_keeps_its_id_through_relay_ladder_dead_letters_and_a_retry(system, tally):
    message = low(0)
    with tally() as work:
        published = work.publish(message)
    (dead_letter,) = eventually(lambda: dead_letters_about(tally, message.sku_id), within=20)
    assert failures(system[0], published) == 3  # one before the ladder's two rungs and one after each
    with tally() as work:
        dead_letter_actions.retry(
            work, "ann", RetryDeadLetter(dead_letter_id=dead_letter["dead_letter_id"], note="")
        )
    eventually(lambda: failures(system[0], published) > 3, within=20)
    (_, returned) = eventually(lambda: (f := dead_letters_about(tally, message.sku_id)) and f[1:] and f, within=20)
    for one in (dead_letter, returned):
        assert one["message_id"] == published
        assert one["headers"]["cloudEvents_id"] == str(published)


def test_ec_02_a_message_published_twice_has_two_ids(tally):
    with tally() as work:
        message = low(5)
        assert work.publish(message) != work.publish(message)

"""A message has one id, whatever it goes through."""

import pytest

from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import eventually


@pytest.fixture
def channel(system, vhost):
    with connect(vhost) as connection:
        yield connection.channel()


def low(available):
    """An event that tally cannot handle: 0 fails."""
    return catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available)


def letter_of(channel, message_id):
    """The dead letter of a message, taken from the queue."""

    def taken():
        letter = channel.basic_get("dead.tally", no_ack=True)
        return letter if letter and letter.headers["cloudEvents_id"] == str(message_id) else None

    return eventually(taken, within=20)


def test_ec_02_a_message_keeps_its_id_through_relay_ladder_and_dead_letters(system, tally, channel):
    with tally() as work:
        said = work.say(low(0))
    letter = letter_of(channel, said)
    assert letter.properties["message_id"] == str(said)
    assert letter.headers["dead_attempts"] > 1
    tries = [line for line in system[0].log().splitlines() if '"message failed"' in line and str(said) in line]
    assert len(tries) == 3  # one for each rung and one before them


def test_ec_02_what_is_said_twice_has_two_ids(tally):
    with tally() as work:
        message = low(5)
        assert work.say(message) != work.say(message)

"""A message has one id, whatever it goes through."""

from sqlalchemy import text

from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import eventually


def low(available):
    """An event that tally cannot handle: 0 fails."""
    return catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available)


def letter_of(tally, message_id):
    """The dead letter of a message."""

    def found():
        with tally.engine.connect() as connection:
            rows = text("SELECT message_id, attempts FROM dead_letter WHERE message_id = :message_id")
            return connection.execute(rows, {"message_id": message_id}).one_or_none()

    return eventually(found, within=20)


def test_ec_02_a_message_keeps_its_id_through_relay_ladder_and_dead_letters(system, tally):
    with tally() as work:
        said = work.say(low(0))
    assert letter_of(tally, said).attempts > 1
    tries = [line for line in system[0].log().splitlines() if '"message failed"' in line and str(said) in line]
    assert len(tries) == 3  # one for each rung and one before them


def test_ec_02_what_is_said_twice_has_two_ids(tally):
    with tally() as work:
        message = low(5)
        assert work.say(message) != work.say(message)

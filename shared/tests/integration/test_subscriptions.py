"""A service records its consumers once its queues are declared."""

from sqlalchemy import text
from tally.service import Tally

from shared.handlers import handlers
from shared.testing import eventually

RECORDED = text("SELECT consumer, topic, since FROM subscriptions")


def recorded(tally):
    with tally() as work:
        return {(row.consumer, row.topic): row.since for row in work.connection.execute(RECORDED)}


def restart(system):
    service, _ = system
    service.stop()
    service.start()


def test_every_consumer_is_recorded_at_the_start(tally, system):
    received = {(h.consumer, topic) for topic, found in handlers(Tally).items() for h in found}
    assert set(eventually(lambda: recorded(tally))) == received


def test_a_process_records_new_consumers_and_keeps_the_times_of_the_others(tally, system):
    before = eventually(lambda: recorded(tally))
    with tally() as work:
        work.connection.execute(text("DELETE FROM subscriptions WHERE consumer = 'tally.once'"))
    restart(system)
    after = eventually(lambda: recorded(tally) if set(recorded(tally)) == set(before) else None)
    for (consumer, topic), since in after.items():
        assert (since > before[consumer, topic]) == (consumer == "tally.once")

"""From publish() to the effect, through real processes."""

from sqlalchemy import text

from shared.contracts import catalog
from shared.ids import new_id
from shared.testing import eventually


def times(tally, subject):
    with tally() as work:
        return work.times(subject)


def published(tally, topic, subject):
    with tally.engine.connect() as connection:
        found = connection.execute(
            text("SELECT * FROM outbox WHERE topic = :t AND subject = :s"), {"t": topic, "s": str(subject)}
        )
        return [dict(row) for row in found.mappings()]


def test_a_command_is_sent_handled_and_answered(system, tally):
    checkout = new_id()
    with tally() as work:
        command = work.publish(catalog.ReleaseStock(checkout_id=checkout))
    eventually(lambda: published(tally, "catalog.stock_released.v1", checkout))
    (answer,) = published(tally, "catalog.stock_released.v1", checkout)
    assert answer["headers"]["causation_id"] == str(command)
    assert times(tally, checkout) == 1


def test_a_hot_topic_is_handled_in_batches(system, tally):
    with tally() as work:
        for _ in range(500):
            work.publish(catalog.ReserveStock(checkout_id=new_id(), lines=()))
    eventually(
        lambda: system[0].metric('jishi_deliveries_total{outcome="done",topic="catalog.reserve_stock.v1"}') == 500
    )
    assert system[0].metric('jishi_batch_size_count{topic="catalog.reserve_stock.v1"}') < 400

"""Real services are killed (SIGKILL) at every step of handling a message: its effect is complete or absent."""

import signal

import pytest
from sqlalchemy import text

from shared import topology
from shared.contracts import catalog
from shared.ids import new_id
from shared.link import connect
from shared.testing import envelope, eventually
from shared.testing.processes import processes, service_and_relay
from shared.testing.publishing import publish

DONE = 'jishi_deliveries_total{outcome="done",topic="catalog.release_stock.v1"}'
GIVEN_UP = 'jishi_deliveries_total{outcome="dead",topic="catalog.stock_low.v1"}'
HOME = "tally:catalog.release_stock.v1"
BEFORE_THE_COMMIT = [
    "shared.inbox:remember before",
    "shared.inbox:remember after",
    "tally.service:Tally.release after",  # counted and published
    "shared.work:Work.after_commit before",  # everything is written, nothing committed
]
AFTER_THE_COMMIT = ["shared.db:wake_relay before", "shared.consumer:Consumer._settle before"]


@pytest.fixture
def channel(vhost):
    with connect(vhost) as connection:
        yield connection.channel()


@pytest.fixture
def both(database_url, vhost, keys):
    """Tally and its relay on the test's own database, not yet started."""
    return service_and_relay("tally", database_url, vhost, RETRY_RUNGS="0.2,0.4", **keys)


@pytest.fixture
def answers(vhost, channel):
    """The events received by an outside queue: (causation id, message id)."""
    topology.declare_exchanges(channel)
    queue = channel.queue_declare("", exclusive=True).queue
    channel.queue_bind(queue, "events", catalog.StockReleased.topic)
    found = []

    def received():
        while message := channel.basic_get(queue, no_ack=True):
            found.append((message.headers["causation_id"], message.properties["message_id"]))
        return found

    return received


def release():
    return envelope(catalog.ReleaseStock(checkout_id=new_id()))


def low(available):
    return envelope(catalog.StockLow(sku_id=new_id(), product_id=new_id(), shop_id=new_id(), available=available))


def traces(open_work, sealed):
    """The effects of a command: its rows in the inbox, in the tally and in the outbox."""
    with open_work.engine.connect() as connection:
        return tuple(
            connection.execute(
                text("""
                    SELECT (SELECT count(*) FROM inbox WHERE message_id = :id),
                           (SELECT coalesce(sum(times), 0) FROM tally WHERE subject = :subject),
                           (SELECT count(*) FROM outbox WHERE subject = :subject)
                """),
                {"id": sealed.message_id, "subject": sealed.body.subject},
            ).one()
        )


def waiting(channel, queue=HOME):
    return channel.queue_declare(queue, passive=True).message_count


@pytest.mark.parametrize("step", BEFORE_THE_COMMIT)
def test_ib_03_a_kill_before_the_commit_leaves_nothing_and_the_message_is_redelivered(
    both, channel, open_work, answers, step
):
    service, relay = both
    sealed = release()
    dying = service.through("dying", DIES_AT=step).start()
    publish(channel, sealed)
    assert dying.ended() == -signal.SIGKILL
    assert traces(open_work, sealed) == (0, 0, 0)
    with processes(service, relay):
        eventually(lambda: len(answers()) == 1)
        assert traces(open_work, sealed) == (1, 1, 1)


@pytest.mark.parametrize("step", AFTER_THE_COMMIT)
def test_ib_03_ib_05_ob_09_after_a_kill_between_commit_and_acknowledgement_nothing_is_done_again(
    both, channel, open_work, answers, step
):
    service, relay = both
    sealed = release()
    dying = service.through("dying", DIES_AT=step).start()
    publish(channel, sealed)
    assert dying.ended() == -signal.SIGKILL
    assert traces(open_work, sealed) == (1, 1, 1)
    with processes(relay):  # its event is published, although the command is not acknowledged
        eventually(lambda: len(answers()) == 1)
        eventually(lambda: waiting(channel) == 1)
        with processes(service):
            eventually(lambda: waiting(channel) == 0)
            assert service.stop() == 0
        assert waiting(channel) == 0
    assert traces(open_work, sealed) == (1, 1, 1)
    assert [cause for cause, _ in answers()] == [str(sealed.message_id)]


def test_ob_09_a_message_is_acknowledged_after_the_commit_and_does_not_wait_for_the_relay(
    both, channel, open_work, answers
):
    service, relay = both
    sealed = release()
    service.start()
    with open_work() as holder:  # holds the row of the tally, so that the handler waits before its commit
        holder.count(sealed.body.checkout_id)
        publish(channel, sealed)
        eventually(lambda: waits_for_a_lock(open_work))
        service.kill()
        eventually(lambda: waiting(channel) == 1)  # it was not acknowledged
    with processes(service):
        eventually(lambda: traces(open_work, sealed) == (1, 2, 1))
        assert service.stop() == 0
        assert waiting(channel) == 0  # acknowledged, although nothing was published
    assert answers() == []
    with processes(relay):
        eventually(lambda: len(answers()) == 1)


def waits_for_a_lock(open_work, sessions=1):
    with open_work.engine.connect() as connection:
        kinds = "SELECT wait_event_type FROM pg_stat_activity WHERE datname = current_database()"
        return connection.execute(text(kinds)).scalars().all().count("Lock") == sessions


def test_ib_02_one_message_in_two_processes_at_the_same_time_takes_effect_once(
    both, channel, open_work, answers, database_url, vhost, keys
):
    service, relay = both
    other, _ = service_and_relay("tally", database_url, vhost, **keys)
    sealed = release()
    with processes(service, other, relay):
        with open_work() as holder:
            holder.count(sealed.body.checkout_id)
            publish(channel, sealed, sealed)
            eventually(lambda: waits_for_a_lock(open_work, sessions=2))  # one for the row, one for the first
        eventually(lambda: [one.metric(DONE) for one in (service, other)] == [1, 1])
        eventually(lambda: len(answers()) == 1)
    assert traces(open_work, sealed) == (1, 2, 1)  # one of the two counts is the test's own


def test_ib_01_ib_02_messages_delivered_twice_to_two_processes_take_effect_once(
    both, channel, open_work, database_url, vhost, keys
):
    other, _ = service_and_relay("tally", database_url, vhost, **keys)
    sealed = [release() for _ in range(300)]
    with processes(both[0], other):
        publish(channel, *(one for pair in zip(sealed, sealed, strict=True) for one in pair))
        eventually(lambda: sum(one.metric(DONE) for one in (both[0], other)) == 600, within=30)
        assert [both[0].stop(), other.stop()] == [0, 0]
    assert waiting(channel) == 0
    assert {traces(open_work, one) for one in sealed} == {(1, 1, 1)}


def test_ob_01_the_messages_of_a_failed_handler_are_never_published(both, channel, open_work, answers):
    failing, fine = low(0), low(7)
    with processes(*both):
        publish(channel, failing, fine)
        eventually(lambda: both[0].metric(GIVEN_UP) == 1)
        eventually(lambda: [cause for cause, _ in answers()] == [str(fine.message_id)])
    assert traces(open_work, failing) == (0, 0, 0)


def test_dl_11_on_a_stop_started_messages_are_finished_and_prefetched_ones_requeued(both, channel, open_work):
    service, _ = both
    service.start()
    sealed = [release() for _ in range(50)]
    with open_work() as holder:
        holder.count(sealed[0].body.checkout_id)
        publish(channel, *sealed)
        eventually(lambda: waits_for_a_lock(open_work))
        service.stop_gracefully()
        eventually(lambda: "stopping" in service.log())
    assert service.ended() == 0
    assert traces(open_work, sealed[0]) == (1, 2, 1)
    handled = [one for one in sealed if traces(open_work, one)[0]]
    assert len(handled) < len(sealed), "the test must stop it before it has handled everything"
    eventually(lambda: waiting(channel) == len(sealed) - len(handled))
    with processes(service):
        eventually(lambda: {traces(open_work, one) for one in sealed[1:]} == {(1, 1, 1)})

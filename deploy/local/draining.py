"""Waiting until a system is drained: then it can be audited as settled.

A system is drained if no outbox has a row that is due; no queue has a message, except the event stream and the RPC
queues (unacknowledged messages and those held in dead-lettering, which AMQP does not report, count); and no saga
runs, except those that wait for a payment or an operator, and those that wait for their locks.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from sqlalchemy import NullPool, TextClause, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from local.servers import Servers
from local.system import Site
from local.waiting import TooLate, wait_until

# The last two show whether anything was published or handled between two queries.
OUTBOX = text("""
    SELECT (SELECT count(*) FROM outbox
            WHERE sent_at IS NULL AND failed_at IS NULL
              AND (not_before IS NULL OR not_before <= now() OR error IS NOT NULL)),
           (SELECT max(position) FROM outbox), (SELECT count(*) FROM inbox)
""")
MAY_WAIT = "({0}.status = 'stuck' OR ({0}.status = 'running' AND {0}.step = 'take_payment'))"
SAGAS = text(f"""
    SELECT name, business_key, status, step FROM saga
    WHERE status NOT IN ('done', 'undone') AND NOT {MAY_WAIT.format("saga")} AND NOT (
        status = 'waiting' AND EXISTS (
            SELECT FROM saga_lock AS mine
            JOIN saga_lock AS ahead ON ahead.resource = mine.resource AND ahead.position < mine.position
            JOIN saga AS holder ON holder.saga_id = ahead.saga_id
            WHERE mine.saga_id = saga.saga_id AND {MAY_WAIT.format("holder")}
        )
    ) LIMIT 20
""")  # noqa: S608 - constants
# Sent to the leader of each queue: the counts of `list_queues` for quorum queues are up to five seconds old, and
# leave out messages that are held in dead-lettering.
MESSAGES = """
[{{element(4, amqqueue:get_name(Q)), begin
    {{ok, {{_, Total}}, _}} = ra:leader_query(amqqueue:get_pid(Q), fun rabbit_fifo:query_messages_total/1), Total
end}} || Q <- rabbit_amqqueue:list(<<"{0}">>), amqqueue:get_type(Q) =:= rabbit_quorum_queue]
"""
Marks = dict[str, tuple[int | None, int]]


class _NoAnswer(Exception):
    """A server does not answer; its state is not known."""


def wait_until_drained(site: Site, servers: Servers, seconds: float = 120.0) -> None:
    """Return when the system is drained; raises TooLate with what is left."""
    left: list[str] = []

    def drained() -> bool:
        left[:] = in_progress(site, servers)
        return not left

    try:
        wait_until(drained, "drained", seconds=seconds, every=0.5)
    except TooLate:
        raise TooLate(f"not drained within {seconds:g} s:\n" + "\n".join(f"  {line}" for line in left)) from None


def in_progress(site: Site, servers: Servers) -> list[str]:
    """What is still in progress, a line for each; empty if the system is drained.

    The queries to databases and broker are not simultaneous. A message that moved between them has left a row in
    an outbox or inbox meanwhile, which the second query of the databases finds.
    """
    try:
        before, unsent = _databases(site)
        left = [*unsent, *_sagas(site)] or list(_queues(site, servers))
        after, _ = _databases(site)
    except _NoAnswer as failure:
        return [str(failure)]
    return left or ([] if before == after else ["messages were published or handled during the check"])


def _databases(site: Site) -> tuple[Marks, list[str]]:
    marks: Marks = {}
    unsent = []
    for service, url in site.databases.items():
        [(waiting, published, handled)] = _rows(service, url, OUTBOX)
        marks[service] = (published, handled)
        unsent += [f"{service}: {waiting} unsent"] if waiting else []
    return marks, unsent


def _sagas(site: Site) -> Iterator[str]:
    for name, key, status, step in _rows("orders", site.databases["orders"], SAGAS):
        yield f"{name} {key}: {status}, {step}"


def _queues(site: Site, servers: Servers) -> Iterator[str]:
    vhost = unquote(urlsplit(site.amqp_url).path[1:])
    try:
        counts = servers.evaluate(MESSAGES.format(vhost))
    except RuntimeError as failure:
        raise _NoAnswer(f"broker: {failure}") from None
    for name, count in re.findall(r'<<"([^"]+)">>,(\d+)', counts):
        if int(count):
            yield f"{name}: {count} in the queue"


def _rows(service: str, url: str, query: TextClause) -> list[tuple[Any, ...]]:
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return [tuple(row) for row in connection.execute(query)]
    except SQLAlchemyError as failure:
        raise _NoAnswer(f"{service}'s database: {failure.__class__.__name__}") from None

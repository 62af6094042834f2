"""The state of a service for operators, from its database: processes, queues, outbox, dead letters, sagas.

Every part is one short statement on an index, whatever the size of the tables.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import text

from shared.contracts.operating import status as views
from shared.contracts.operating.status import ServiceStatus
from shared.contracts.operating.views import DeadLetterState
from shared.contracts.pages import Page
from shared.contracts.sagas.views import SagaStatus
from shared.operating.process_reports import SILENT
from shared.topology import service_class, service_queues
from shared.work import Work

COUNTED = 100_000  # the most rows that are counted
REPORTS = text("""
    SELECT process, host, failing, queues, started_at, since, seen_at, seen_at < now() - :silent AS is_silent
    FROM process_report ORDER BY process, started_at, instance
""")
SETTINGS = text("""
    SELECT process, host, started_at, settings FROM process_report
    WHERE seen_at >= now() - :silent ORDER BY process, started_at, instance
""")
DUE = "sent_at IS NULL AND failed_at IS NULL AND"
OUTBOX = text(f"""
    SELECT (SELECT count(*) FROM (
                (SELECT FROM outbox WHERE {DUE} not_before IS NULL LIMIT {COUNTED})
                UNION ALL (SELECT FROM outbox WHERE {DUE} not_before <= now() LIMIT {COUNTED})) AS due) AS due,
           least((SELECT created_at FROM outbox WHERE {DUE} not_before IS NULL ORDER BY position LIMIT 1),
                 (SELECT min(not_before) FROM outbox WHERE {DUE} not_before <= now())) AS due_since,
           (SELECT count(*) FROM (SELECT FROM outbox WHERE failed_at IS NOT NULL LIMIT {COUNTED}) AS f) AS failed,
           (SELECT count(*) FROM (
                SELECT FROM outbox WHERE sent_at > now() - interval '1 minute' LIMIT {COUNTED}
           ) AS s) AS sent_last_minute
""")  # noqa: S608 - constants
DEAD_LETTERS = text(f"""
    SELECT state, number, (
        SELECT arrived_at FROM dead_letter WHERE dead_letter.state = states.state ORDER BY dead_letter_id LIMIT 1
    ) AS oldest_at
    FROM unnest(ARRAY['open', 'retried', 'archived']) AS states (state)
    CROSS JOIN LATERAL (
        SELECT count(*) AS number FROM (
            SELECT FROM dead_letter WHERE dead_letter.state = states.state LIMIT {COUNTED}
        ) AS found
    ) AS counted WHERE number > 0
""")  # noqa: S608 - constants
ENDED = "status IN ('done', 'undone')"
SAGAS = text(f"""
    SELECT name, status, count(*) AS number, min(started_at) AS oldest_started_at, min(updated_at) AS unmoved_since
    FROM (
        (SELECT name, status, started_at, updated_at FROM saga WHERE NOT ({ENDED}) LIMIT {COUNTED})
        UNION ALL (
            SELECT name, status, started_at, updated_at FROM saga
            WHERE {ENDED} AND modified_at > now() - interval '1 hour' LIMIT {COUNTED}
        )
    ) AS found GROUP BY name, status ORDER BY name, status
""")  # noqa: S608 - constants


def of_service(work: Work, service: str, *, has_sagas: bool) -> ServiceStatus:
    """The state of a service."""
    execute = work.connection.execute
    reports = execute(REPORTS, {"silent": SILENT}).mappings().all()
    counted = execute(SAGAS).mappings() if has_sagas else ()
    return ServiceStatus(
        at=work.now,
        instances=tuple(map(_instance, reports)),
        queues=_queues(service, reports),
        outbox=views.OutboxStatus(**execute(OUTBOX).mappings().one()),
        dead_letters=tuple(_dead_letters(row) for row in execute(DEAD_LETTERS).mappings()),
        sagas=tuple(_sagas(row) for row in counted),
    )


def settings_of(work: Work) -> Page[views.ProcessSettings]:
    """The settings of the processes that report themselves."""
    rows = work.connection.execute(SETTINGS, {"silent": SILENT}).mappings()
    return Page(items=tuple(map(_settings, rows)), next=None)


def _settings(row: Any) -> views.ProcessSettings:
    return views.ProcessSettings(
        process=row["process"],
        host=row["host"],
        started_at=row["started_at"],
        settings=tuple(_setting(each) for each in row["settings"]),
    )


def _setting(stored: Any) -> views.ProcessSetting:
    source = views.SettingSource(stored["source"])
    return views.ProcessSetting(name=stored["name"], source=source, value=stored["value"])


def _instance(row: Any) -> views.ProcessInstance:
    healthy = views.InstanceState.UNREADY if row["failing"] else views.InstanceState.READY
    return views.ProcessInstance(
        process=row["process"],
        host=row["host"],
        state=views.InstanceState.SILENT if row["is_silent"] else healthy,
        failing=tuple(row["failing"]),
        started_at=row["started_at"],
        since=row["seen_at"] if row["is_silent"] else row["since"],
        seen_at=row["seen_at"],
    )


def _queues(service: str, reports: Iterable[Any]) -> tuple[views.QueueLoad, ...]:
    """The queues of a service, with what its processes that are not silent report of them."""
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for report in reports:
        for queue, load in report["queues"].items() if not report["is_silent"] else ():
            found[queue].append(load)
    return tuple(_load(name, found[name]) for name in _names(service))


@cache
def _names(service: str) -> tuple[str, ...]:
    """The names of a service's queues."""
    queues = service_queues(service_class(service))
    return (*(queue.name for queue in queues), f"rpc-{service}")


def _load(queue: str, reported: list[tuple[int, int]]) -> views.QueueLoad:
    if not reported:
        return views.QueueLoad(queue=queue, unacknowledged=None, handled_per_minute=None)
    in_hand, handled = map(sum, zip(*reported, strict=True))
    return views.QueueLoad(queue=queue, unacknowledged=in_hand, handled_per_minute=handled)


def _dead_letters(row: Any) -> views.DeadLetterCount:
    return views.DeadLetterCount(**{**row, "state": DeadLetterState(row["state"])})


def _sagas(row: Any) -> views.SagaCount:
    return views.SagaCount(**{**row, "status": SagaStatus(row["status"])})

"""The operator's overview: the state of all services, with the depths of their queues.

A service that does not answer in time is shown with what it answered last, as of then, and fails nothing.
"""

import asyncio
import socket
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from gateway.every_service import SERVICES
from gateway.queue_depths import Depth, QueueDepths
from gateway.route import Call, Json
from shared import manifest, settings
from shared.answers import ServiceFailed
from shared.contracts.operating.status import GetServiceSettings, GetServiceStatus
from shared.contracts.users.audit_results import GetAudit
from shared.delivery import Policy
from shared.errors import Unavailable
from shared.manifest import Kind, Process
from shared.message_encoding import dead_letter_queue, rung_name

BEST_FIRST = ("ready", "unready", "silent")
METHODS = tuple(GetServiceStatus.contract.at(service) for service in SERVICES)
Depths = Mapping[str, Depth]
NOTHING: Json = {"instances": [], "queues": [], "outbox": None, "dead_letters": None, "sagas": None}


class Overviews:
    """Makes overviews, and remembers the last answer of each service."""

    def __init__(self, depths: QueueDepths | None = None) -> None:
        self._depths = depths or QueueDepths()
        self._started_at = datetime.now(UTC).isoformat()
        self._last: dict[str, Json] = {}
        self._audit: Json | None = None

    async def overview(self, call: Call) -> Json:
        """The state of the system."""
        audit_of = asyncio.create_task(_answer(call, GetAudit.contract.method))
        answered = dict(
            zip(SERVICES, await asyncio.gather(*(_answer(call, method) for method in METHODS)), strict=True)
        )
        self._last |= {service: status for service, status in answered.items() if status}
        rungs = [rung_name(seconds) for seconds in Policy.from_environment().rungs]
        depths = await self._depths.read([*rungs, *(queue for each in SERVICES for queue in self._queues(each))])
        return {
            "at": datetime.now(UTC).isoformat(),
            "broker_answers": bool(depths),
            "gateway": self._gateway(),
            **self._audited(await audit_of),
            "services": [self._service(each, depths, answers=bool(answered[each])) for each in SERVICES],
            "retry_queues": [_rung(rung, depths) for rung in rungs],
        }

    async def settings(self, call: Call) -> Json:
        """The settings of the gateway process that answers, and of all processes of services."""
        pages = await asyncio.gather(*(_answer(call, GetServiceSettings.contract.at(each)) for each in SERVICES))
        answered = {service: page for service, page in zip(SERVICES, pages, strict=True) if page}
        of_services = [{"service": name, **each} for name, page in answered.items() for each in page["items"]]
        unanswered = [service for service in SERVICES if service not in answered]
        return {"items": [self._own_settings(), *of_services], "unanswered": unanswered}

    def _own_settings(self) -> Json:
        about = {
            "service": None,
            "process": "gateway",
            "host": socket.gethostname(),
            "started_at": self._started_at,
        }
        return {**about, "settings": [vars(each) for each in settings.known()]}

    def _queues(self, service: str) -> list[str]:
        """The names of a service's queues; if it has never answered, only of those that every service has."""
        known = [load["queue"] for load in self._last.get(service, NOTHING)["queues"]]
        return known or [dead_letter_queue(service), f"rpc-{service}"]

    def _service(self, service: str, depths: Depths, *, answers: bool) -> Json:
        status = self._last.get(service, NOTHING)
        loads = {load["queue"]: load for load in status["queues"]} if answers else {}
        processes = [each for each in manifest.get().processes if each.service == service]
        return {
            "service": service,
            "answers": answers,
            "answered_at": status.get("at"),
            "processes": [_process(each, status["instances"], is_known=answers) for each in processes],
            "queues": [_queue(each, depths.get(each), loads.get(each, {})) for each in self._queues(service)],
            **{part: status[part] for part in ("outbox", "dead_letters", "sagas")},
        }

    def _audited(self, audit: Json | None) -> Json:
        """The auditor with its last audit, of which nothing is known any more if users does not answer."""
        self._audit = audit or (self._audit and _unknown(self._audit))
        return {"auditor": _auditor(audit), "audit": self._audit}

    def _gateway(self) -> Json:
        """The process that answers this request; others like it are not seen."""
        times = dict.fromkeys(("started_at", "since"), self._started_at)
        now = datetime.now(UTC).isoformat()
        state = {"process": "gateway", "state": "ready"}
        own = {**state, "host": socket.gethostname(), "failing": [], **times, "seen_at": now}
        return {**state, "kind": Kind.GATEWAY, "since": self._started_at, "instances": [own]}


async def _answer(call: Call, method: str) -> Json | None:
    """What a service answers; None if it does not."""
    try:
        answer: Json = await call(method, {})
    except (Unavailable, ServiceFailed):
        return None
    return answer


def _auditor(audit: Json | None) -> Json:
    """The auditor's process: silent while its next report is overdue, unknown if nobody answers for it."""
    is_silent = audit is not None and audit["state"] == "unknown"
    state = "unknown" if audit is None else "silent" if is_silent else "ready"
    since = audit["expected_by"] if audit and is_silent else None
    return {"process": "auditor", "kind": Kind.AUDITOR, "state": state, "since": since, "instances": []}


def _unknown(audit: Json) -> Json:
    """An earlier audit, as long as nothing newer is known."""
    invariants = [{**each, "state": "unknown"} for each in audit["invariants"]]
    return {**audit, "state": "unknown", "invariants": invariants}


def _process(process: Process, reported: Iterable[Json], *, is_known: bool) -> Json:
    own = [each for each in reported if each["process"] == process.name]
    best: Json = min(own, key=lambda each: BEST_FIRST.index(each["state"]), default={"state": "absent"})
    return {
        "process": process.name,
        "kind": process.kind,
        "state": best["state"] if is_known else "unknown",
        "since": best.get("since") if is_known else None,
        "instances": own,
    }


def _queue(queue: str, depth: Depth | None, load: Mapping[str, Any]) -> Json:
    return {
        "queue": queue,
        "ready": depth.ready if depth else None,
        "consumers": depth.consumers if depth else None,
        "unacknowledged": load.get("unacknowledged"),
        "handled_per_minute": load.get("handled_per_minute"),
    }


def _rung(queue: str, depths: Depths) -> Json:
    return {"queue": queue, "waiting": depths[queue].ready if queue in depths else None}


async def _gathers(gateway: Any, call: Call, _request: Json) -> Json:
    overview: Json = await gateway.overviews.overview(call)
    return overview


ROUTE: Mapping[str, Any] = {
    "rpc_method": METHODS[0],
    "joins": (*METHODS[1:], GetAudit.contract.method),
    "gathers": _gathers,
}


async def _gathers_settings(gateway: Any, call: Call, _request: Json) -> Json:
    found: Json = await gateway.overviews.settings(call)
    return found


SETTINGS: Mapping[str, Any] = {
    "rpc_method": GetServiceSettings.contract.at(SERVICES[0]),
    "joins": tuple(GetServiceSettings.contract.at(service) for service in SERVICES[1:]),
    "gathers": _gathers_settings,
}

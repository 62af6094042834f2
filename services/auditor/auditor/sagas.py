"""Sagas: each ends in time, or is stuck and listed, and operators resolve the stuck ones."""

from collections.abc import Iterator
from datetime import UTC, datetime

from auditor import bounds
from auditor.checks import Check, Counted, Finding, Json, Listed, Queries, Repair, timestamp
from shared.contracts.auditing.requests import AuditSagas, WakeSaga

SERVICES = ("orders", "users")  # those with sagas
ADVICE = "resume, skip or cancel it in the operator's view (docs/operating.md)"


def in_time(queries: Queries) -> Iterator[Counted | Finding | Listed]:
    """Running sagas past the deadline of their current step. Stuck ones are listed."""
    for service, page in _pages(queries):
        yield Counted(page["checked"])
        for saga in page["items"]:
            due = timestamp(saga["deadline"])
            if saga["status"] == "stuck":
                yield Listed(f"{_about(saga)}: {_state(saga)}")
            elif due and due < datetime.now(UTC):
                yield _late(service, saga, due)


def resolved(queries: Queries) -> Iterator[Counted | Finding]:
    """Sagas that have been stuck for longer than operators may take."""
    for _, page in _pages(queries):
        stuck = [saga for saga in page["items"] if saga["status"] == "stuck"]
        yield Counted(len(stuck))
        for saga in stuck:
            since = timestamp(saga["updated_at"])
            if since and datetime.now(UTC) - since > bounds.unresolved():
                detail = f"{_state(saga)} since {saga['updated_at']}"
                yield Finding(check="sagas.resolved", about=_about(saga), detail=detail, facts=saga, advice=ADVICE)


def _pages(queries: Queries) -> Iterator[tuple[str, Json]]:
    """Every page of each service's sagas, with its service."""
    for service in SERVICES:
        for page in queries.pages(AuditSagas.contract.at(service)):
            yield service, page


def _late(service: str, saga: Json, due: datetime) -> Finding:
    return Finding(
        check="sagas.in_time",
        about=_about(saga),
        detail=f"{_state(saga)}, {saga['tries']} tries, its deadline was {saga['deadline']}",
        facts=saga,
        since=due,
        repair=Repair(
            method=WakeSaga.contract.at(service),
            request={"saga_id": saga["saga_id"]},
            description="wake it, since its timer has not",
        ),
    )


def _about(saga: Json) -> str:
    return f"saga {saga['saga_id']}"


def _state(saga: Json) -> str:
    return f"{saga['name']} {saga['key']} is {saga['status']} at {saga['step']} ({saga['reason'] or 'no reason'})"


CHECKS = [
    Check(
        name="sagas.in_time",
        sentence="every saga past the deadline of its step continues, or is stuck and listed",
        run=in_time,
        by_key=True,
        grace=bounds.unhandled(),
    ),
    Check(
        name="sagas.resolved",
        sentence="every stuck saga is resolved by an operator within its bound",
        run=resolved,
        by_key=True,
    ),
]

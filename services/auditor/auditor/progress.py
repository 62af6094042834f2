"""From where each check of a pass goes on, and what is noted of it when it has looked."""

import contextlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from auditor.changed import Changes, TooMany
from auditor.checks import AuditIncomplete, Check
from auditor.proofs import Proof, Proofs
from shared.contracts.auditing.requests import AuditProven
from shared.errors import Refusal

FULL_EVERY = timedelta(days=1)


@dataclass
class Progress:
    """One pass. What was proven is not looked at again unless it has changed.

    All is looked at when nothing is known, when `full` is asked for or the last time is `full_every` ago, when a
    database is another one than it was, and when so much has changed that it costs no more.
    """

    proofs: Proofs
    changes: Changes
    full: bool = False
    full_every: timedelta = FULL_EVERY
    _used: dict[str, Proof] = field(default_factory=dict)
    _proven: dict[str, dict[str, str]] = field(default_factory=dict)  # by service and check: up to when

    def keys(self, check: Check) -> frozenset[str] | None:
        """The keys that a check has to look at; None: everything. Raises CouldNotLook."""
        proof = self._proof(check)
        if check.memory is not None:
            check.memory.load(proof.memory if proof else {})
            return None
        if proof is None or not check.changes:
            return None
        try:
            found = [self.changes.keys(feed, proof.upto[feed.service]) for feed in check.changes]
        except TooMany:
            del self._used[check.name]
            return None
        return frozenset(proof.open).union(*found)

    def note(self, check: Check, unproven: frozenset[str]) -> None:
        """What a check has looked at holds, but for these keys."""
        if not check.services:
            return
        used = self._used.get(check.name)
        proof = Proof(
            upto={service: self.changes.upto(service) for service in check.services},
            databases={service: self.changes.clock(service).database for service in check.services},
            full_at=used.full_at if used else datetime.now(UTC).isoformat(),
            open=sorted(unproven),
            memory=check.memory.dump() if check.memory else {},
        )
        self.proofs.put(check.name, proof)
        for service, upto in proof.upto.items() if check.changes and not unproven else ():
            self._proven.setdefault(service, {})[check.name] = upto

    def report(self) -> None:
        """Tell each service what is proven, so that it may be archived; one that is away is told another time."""
        for service, upto in self._proven.items():
            with contextlib.suppress(AuditIncomplete, Refusal):
                self.changes.queries.call(AuditProven.contract.at(service), {"upto": upto})

    def _proof(self, check: Check) -> Proof | None:
        """What the check may go on from; the clocks are read before it looks."""
        databases = {service: self.changes.clock(service).database for service in check.services}
        known = None if self.full else self.proofs.get(check.name)
        if known and known.databases == databases and known.age() < self.full_every:
            self._used[check.name] = known
            return known
        return None

"""From where each check of an audit continues, and what is stored after it has run."""

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
    """One audit. What was proven is checked again only if it has changed.

    Everything is checked if nothing is proven, if `full` is set or the last full audit is `full_every` ago, if a
    database was replaced or restored, and if so much has changed that a full audit costs no more.
    """

    proofs: Proofs
    changes: Changes
    full: bool = False
    full_every: timedelta = FULL_EVERY
    _used: dict[str, Proof] = field(default_factory=dict)
    _proven: dict[str, dict[str, str]] = field(default_factory=dict)  # by service and check: up to when

    def keys(self, check: Check) -> frozenset[str] | None:
        """The keys to check; None: everything. Raises AuditIncomplete."""
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

    def continues(self, check: Check) -> bool:
        """Whether the check continues from a proof, as decided when its keys were determined."""
        return check.name in self._used

    def note(self, check: Check, unproven: frozenset[str]) -> None:
        """Store that the invariant holds for everything checked, except for the keys `unproven`."""
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
        """Report to each service what is proven and may be archived; a missing reply is no error."""
        for service, upto in self._proven.items():
            with contextlib.suppress(AuditIncomplete, Refusal):
                self.changes.queries.call(AuditProven.contract.at(service), {"upto": upto})

    def _proof(self, check: Check) -> Proof | None:
        """The proof from which the check may continue; reads the clocks before the check runs."""
        databases = {service: self.changes.clock(service).database for service in check.services}
        known = None if self.full else self.proofs.get(check.name)
        if known and known.databases == databases and known.age() < self.full_every:
            self._used[check.name] = known
            return known
        return None

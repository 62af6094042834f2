"""Personal data: no service holds anything about an erased person."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Finding, Queries
from shared.contracts.auditing.requests import AuditErasures

SERVICES = ("users", "orders", "payments", "marketing")  # those that hold personal data
AGAIN = "erase again: python -m shared.personal.replay (docs/privacy.md)"


def erased(queries: Queries) -> Iterator[Counted | Finding]:
    """Persons of whom a service still has rows after erasing them."""
    for service in SERVICES:
        for page in queries.pages(AuditErasures.contract.at(service)):
            yield Counted(page["checked"])
            for person in page["items"]:
                yield Finding(
                    check="privacy.erased",
                    about=f"person {person['user_id']}",
                    detail=f"erased at {person['since']}, {service} still has {person['left']} rows of the person",
                    facts=person,
                    advice=AGAIN,
                )


CHECKS = [
    Check(
        name="privacy.erased",
        sentence="no service holds a name, an address or a text of an erased person",
        run=erased,
        by_key=True,
    )
]

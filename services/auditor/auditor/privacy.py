"""Personal data: of whoever was erased no service holds anything."""

from collections.abc import Iterator

from auditor.checks import Check, Counted, Finding, Queries
from shared.contracts.auditing.requests import AuditErasures

SERVICES = ("users", "orders", "payments", "marketing")  # those that erase persons
AGAIN = "erase again: python -m shared.personal.replay (docs/privacy.md)"


def erased(queries: Queries) -> Iterator[Counted | Finding]:
    """Rows that still hold something of a person whom this service has erased."""
    for service in SERVICES:
        for page in queries.pages(AuditErasures.contract.at(service)):
            yield Counted(page["checked"])
            for person in page["items"]:
                yield Finding(
                    check="privacy.erased",
                    about=f"person {person['user_id']}",
                    detail=f"erased at {person['since']}, and {service} has {person['left']} rows of the person",
                    facts=person,
                    advice=AGAIN,
                )


CHECKS = [
    Check(
        name="privacy.erased",
        sentence="of whoever was erased no service holds a name, an address or what was typed",
        look=erased,
        by_key=True,
    )
]

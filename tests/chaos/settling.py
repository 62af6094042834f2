"""After the faults: drain the system and audit it. Blocking; called in a thread."""

import re
from collections.abc import Iterator

from sqlalchemy import NullPool, create_engine, text

from local import auditing, draining
from local.waiting import TooLate, wait_until

DRAINED_WITHIN = 90.0
OPEN_CALLS = "SELECT count(*) FROM provider_calls WHERE due_at IS NOT NULL"
LINE = re.compile(r"^(\S+) +(\d+) +(\d+)", re.MULTILINE)  # of the auditor's table: invariant, checked, findings


def drain(testbed) -> Iterator[str]:
    """Wait until the system is drained; whatever remains is a violation."""
    try:
        draining.wait_until_drained(testbed.site, testbed.private, DRAINED_WITHIN)
        payments = testbed.site.databases["payments"]
        wait_until(
            lambda: not _count(payments, OPEN_CALLS),
            "no provider call is due",
            seconds=DRAINED_WITHIN,
            every=0.5,
        )
        draining.wait_until_drained(testbed.site, testbed.private, DRAINED_WITHIN)
    except TooLate as late:
        yield str(late)


def audit(testbed, record) -> Iterator[str]:
    """The findings of the auditor; its counts go into the record."""
    ended = auditing.audit(testbed.site, settled=True)
    record.audit.update({name: int(checked) for name, checked, _ in LINE.findall(ended.text)})
    if ended.status:
        yield f"the auditor ended with {ended.status}:\n{ended.text}"


def _count(url, query):
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.execute(text(query)).scalar_one()

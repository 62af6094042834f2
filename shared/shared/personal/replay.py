"""Repeats erasures after a restore: a backup contains persons who were erased after it was made.

    python -m shared.personal.replay --list users > erased.txt    from a database that was not restored
    python -m shared.personal.replay orders < erased.txt          in the restored one, before the service starts

The list has a line for each person: the id and the time of the erasure, which is stored again. Each service with
personal data has the whole list (`erased_person`), so take it from one that was not restored. Idempotent.
"""

import argparse
import sys
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from shared import topology
from shared.db import Database, OpenWork
from shared.personal.erasing import Eraser, erased_persons

Erased = tuple[UUID, datetime]  # user id, time of the erasure


def replay(open_work: OpenWork[Any], eraser: Eraser, listed: Iterable[Erased]) -> int:
    """Erase these persons, each in a transaction of its own; returns the number of rows that had personal data."""
    rows = 0
    for user_id, at in listed:
        with open_work() as work:
            rows += eraser.erase(work, user_id, at)
    return rows


def lines(listed: Iterable[Erased]) -> Iterable[str]:
    """The lines of a list."""
    return (f"{user_id} {at.isoformat()}\n" for user_id, at in listed)


def read(text: Iterable[str]) -> list[Erased]:
    """Parse a list. Raises ValueError for an incomplete line, before any erasure."""
    return [_erased(line) for line in text if line.strip()]


def _erased(line: str) -> Erased:
    user_id, at = line.split()
    timestamp = datetime.fromisoformat(at)
    if timestamp.tzinfo is None:
        raise ValueError(f"{at} has no time zone")
    return UUID(user_id), timestamp


def main() -> None:
    """List erasures, or repeat those from standard input."""
    parser = argparse.ArgumentParser(prog="python -m shared.personal.replay")
    parser.add_argument("service")
    parser.add_argument("--list", action="store_true", help="only print who was erased and when")
    options = parser.parse_args()
    service = topology.service_class(options.service)
    open_work = Database.standalone(options.service, service.work.work_class)
    if options.list:
        with open_work() as work:
            sys.stdout.writelines(lines(erased_persons(work.connection)))
    else:
        sys.stdout.write(f"{replay(open_work, service.eraser, read(sys.stdin))} rows erased\n")


if __name__ == "__main__":
    main()

"""Erase again after a restore: a backup holds who was erased after it was made.

    python -m shared.personal.replay --list users > erased.txt    from a database that was not restored
    python -m shared.personal.replay orders < erased.txt          in the restored one, before it serves anybody

The list has a line for each person: the id, and when. Each service that holds something of persons keeps the whole
list (`erased_person`), so any one of them that was not restored has it. The time of the list is kept: a restored
service tells of an erasure as of when it happened. Doing it again changes nothing.
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

Erased = tuple[UUID, datetime]  # who, and when


def replay(open_work: OpenWork[Any], eraser: Eraser, listed: Iterable[Erased]) -> int:
    """Erase these persons, each in a transaction of its own; how many rows held something."""
    rows = 0
    for user_id, at in listed:
        with open_work() as work:
            rows += eraser.erase(work, user_id, at)
    return rows


def lines(listed: Iterable[Erased]) -> Iterable[str]:
    """The list as it is written down."""
    return (f"{user_id} {at.isoformat()}\n" for user_id, at in listed)


def read(text: Iterable[str]) -> list[Erased]:
    """A list that was written down. Raises ValueError for a line that is not whole, before anybody is erased."""
    return [_erased(line) for line in text if line.strip()]


def _erased(line: str) -> Erased:
    user_id, at = line.split()
    timestamp = datetime.fromisoformat(at)
    if timestamp.tzinfo is None:
        raise ValueError(f"{at} is no time of a known zone")
    return UUID(user_id), timestamp


def main() -> None:
    """List, or erase those that standard input names, one a line."""
    parser = argparse.ArgumentParser(prog="python -m shared.personal.replay")
    parser.add_argument("service")
    parser.add_argument("--list", action="store_true", help="only write who was erased, and when")
    request = parser.parse_args()
    service = topology.service_class(request.service)
    open_work = Database.standalone(request.service, service.work.work_class)
    if request.list:
        with open_work() as work:
            sys.stdout.writelines(lines(erased_persons(work.connection)))
    else:
        sys.stdout.write(f"{replay(open_work, service.eraser, read(sys.stdin))} rows erased\n")


if __name__ == "__main__":
    main()

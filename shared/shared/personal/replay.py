"""Erase again after a restore: a backup holds who was erased after it was made.

    python -m shared.personal.replay --list users > erased.txt    from a database that was not restored
    python -m shared.personal.replay orders < erased.txt          in the restored one, before it serves anybody

The list has a line for each person: the id, and when. Each service that holds something of persons keeps the whole
list (`erased_person`), so any one of them that was not restored has it. Doing it again changes nothing.
"""

import argparse
import sys
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from shared import topology
from shared.db import Database, OpenWork
from shared.personal.erasing import Eraser, erased_persons


def replay(open_work: OpenWork[Any], eraser: Eraser, user_ids: Iterable[UUID]) -> int:
    """Erase these persons, each in a transaction of its own; how many rows held something."""
    rows = 0
    for user_id in user_ids:
        with open_work() as work:
            rows += eraser.erase(work, user_id)
    return rows


def main() -> None:
    """List, or erase those that standard input names, one a line."""
    parser = argparse.ArgumentParser(prog="python -m shared.personal.replay")
    parser.add_argument("service")
    parser.add_argument("--list", action="store_true", help="only write who was erased, and when")
    wish = parser.parse_args()
    service = topology.service_class(wish.service)
    open_work = Database.standalone(wish.service, service.work.work_class)
    if wish.list:
        with open_work() as work:
            sys.stdout.writelines(
                f"{user_id} {at.isoformat()}\n" for user_id, at in erased_persons(work.connection)
            )
    else:
        listed = (UUID(line.split()[0]) for line in sys.stdin if line.strip())
        sys.stdout.write(f"{replay(open_work, service.eraser, listed)} rows erased\n")


if __name__ == "__main__":
    main()

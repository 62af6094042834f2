"""Use cases that change the public category tree."""

from catalog.work import Work
from shared.db import OpenWork


def add_up_categories(open_work: OpenWork[Work]) -> None:
    """Replace the rows of each path by their sum, some paths per transaction, until none remain."""
    more = True
    while more:
        with open_work() as work:
            more = work.categories.add_up()

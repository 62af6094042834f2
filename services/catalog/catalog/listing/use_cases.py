"""What changes the category tree that everybody sees."""

from catalog.work import Work
from shared.db import OpenWork


def add_up_categories(open_work: OpenWork[Work]) -> None:
    """Make one row of each path's rows, some paths in each transaction, until there is none to do."""
    more = True
    while more:
        with open_work() as work:
            more = work.categories.add_up()

"""Whether marketing has followed the events of catalog."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import sqlalchemy as sa

CONSUMER = "marketing.follow_catalog"
LAST = sa.text("SELECT message_id FROM outbox ORDER BY position DESC LIMIT 1")
IS_HANDLED = sa.text("SELECT EXISTS (SELECT FROM inbox WHERE consumer = :consumer AND message_id = :last)")
HANDLED = sa.text("SELECT count(*) FROM inbox WHERE consumer = :consumer AND received_at >= :began")


@contextmanager
def following(databases: Mapping[str, str]) -> Iterator[Callable[[int], bool]]:
    """Gives a function that returns whether so many events were handled since this began.

    They are counted only once the last one is handled: to count them all the time takes from what is measured.
    """
    engines = [sa.create_engine(databases[name]) for name in ("catalog", "marketing")]
    catalog, marketing = (engine.connect().execution_options(isolation_level="AUTOCOMMIT") for engine in engines)
    began = marketing.execute(sa.text("SELECT now()")).scalar_one()

    def are_handled(count: int) -> bool:
        last = catalog.execute(LAST).scalar_one_or_none()
        if not marketing.execute(IS_HANDLED, {"consumer": CONSUMER, "last": last}).scalar_one():
            return False
        return bool(marketing.execute(HANDLED, {"consumer": CONSUMER, "began": began}).scalar_one() >= count)

    with catalog, marketing:
        yield are_handled
    for engine in engines:
        engine.dispose()

"""Seeing imports through, in the import worker's process: read, clean, and store a few products at a time.

The same file again changes nothing, so an import that was cut off is begun again. What a file does not name stays;
stock is only ever opened, never overwritten.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from catalog import descriptions
from catalog.access import selling
from catalog.domain import shopify_csv
from catalog.domain.product import Product, Sheet
from catalog.domain.shopify_csv import ListedSheet
from catalog.repository.imports import Claim
from catalog.use_cases.announcing import announce
from catalog.use_cases.import_report import Outcome, Tally
from catalog.use_cases.products import save
from catalog.use_cases.wishes import currency
from catalog.work import Work
from shared import db_failures, observe
from shared.db import OpenWork
from shared.errors import Refusal
from shared.trace import Trace, following

AT_ONCE, ROWS_AT_ONCE = 50, 500  # products, and rows of the file, in a transaction
LEASE = timedelta(seconds=60)  # for so long a worker may be silent before another one takes its import
LONGEST = 600.0  # seconds for an import
MOST_ATTEMPTS = 3
CONFLICTS = 5  # times that a transaction may lose against others

Rest = Callable[[float], bool]  # waits so many seconds; whether the worker is to stop


class GivenUp(Exception):
    """The import ends here, and what went in stays. The code is a key of FILE_TEXTS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Stopped(Exception):
    """The worker is to stop; the import goes back to the queue."""


class Lost(Exception):
    """The claim ran out: another worker has the import."""


def work_off(open_work: OpenWork[Work], rest: Rest) -> str | None:
    """See the import through that waits longest; its outcome, None if none waits."""
    with open_work() as work:
        claim = work.imports.claim(LEASE)
    if claim is None:
        return None
    with following(Trace(claim.correlation_id, claim.traceparent)):
        return _end(open_work, claim, rest)


def _end(open_work: OpenWork[Work], claim: Claim, rest: Rest) -> str:
    try:
        report = _Import(open_work, claim, rest).run()
    except Lost:
        return "lost"
    except Stopped:
        return _closed(open_work, "stopped", lambda work: work.imports.let_go(claim))
    except MemoryError:
        problem = shopify_csv.failure("import_too_big")
    except (GivenUp, Refusal) as reason:
        problem = shopify_csv.failure(reason.code, getattr(reason, "facts", {}))
    else:
        return _closed(open_work, "done", lambda work: work.imports.finish(claim, work.now, report))
    return _closed(open_work, "failed", lambda work: work.imports.fail(claim, work.now, problem))


def _closed(open_work: OpenWork[Work], outcome: str, close: Callable[[Work], bool]) -> str:
    with open_work() as work:
        return outcome if close(work) else "lost"


class _Import:
    """One import on its way. Between two transactions it rests for as long as the last one took."""

    def __init__(self, open_work: OpenWork[Work], claim: Claim, rest: Rest) -> None:
        self._open_work, self._claim, self._rest = open_work, claim, rest
        self._until = time.monotonic() + LONGEST

    def run(self) -> dict[str, Any]:
        """Its report. Raises FileRefused, ShopSuspended, GivenUp, Stopped, Lost."""
        if self._claim.attempt > MOST_ATTEMPTS:
            raise GivenUp("import_interrupted")
        file = shopify_csv.read(self._claim.csv.decode(), currency())
        tally = Tally(file)
        for portion in _portions(file.products):
            self._pass(portion, tally)
        return tally.report()

    def _pass(self, portion: Sequence[ListedSheet], tally: Tally) -> None:
        cleaned = []
        for one in portion:
            try:
                cleaned.append(replace(one, sheet=_cleaned(one.sheet)))
            except Refusal as refused:
                tally.add(Outcome(one, refused=refused.code))
        began = time.monotonic()
        for outcome in self._stored(cleaned):
            tally.add(outcome)
        self._pause(time.monotonic() - began)

    def _pause(self, seconds: float) -> None:
        if self._rest(seconds):
            raise Stopped
        if time.monotonic() > self._until:
            raise GivenUp("import_too_slow")

    def _stored(self, portion: Sequence[ListedSheet]) -> list[Outcome]:
        """What came of these products. If the database refuses one of them, it stays out alone."""
        try:
            return self._transaction(portion)
        except DBAPIError as failure:
            if db_failures.is_outage(failure) or db_failures.is_conflict(failure):
                raise
            if len(portion) > 1:
                return [outcome for one in portion for outcome in self._stored([one])]
            observe.log.error("a product could not be stored", line=portion[0].line, exc_info=failure)
            return [Outcome(portion[0], refused="not_stored")]

    def _transaction(self, portion: Sequence[ListedSheet]) -> list[Outcome]:
        for pause in islice(db_failures.pauses(), CONFLICTS):
            try:
                return self._once(portion)
            except DBAPIError as failure:
                if not db_failures.is_conflict(failure):
                    raise
                observe.conflicts.labels("import").inc()
                time.sleep(pause)
        return self._once(portion)

    def _once(self, portion: Sequence[ListedSheet]) -> list[Outcome]:
        with self._open_work() as work:
            if not work.imports.renew(self._claim, LEASE):
                raise Lost
            return _take(work, self._claim, portion)


def _portions(listed: Iterable[ListedSheet]) -> Iterator[list[ListedSheet]]:
    """Products for a transaction each: not too many, and not of too many rows."""
    portion: list[ListedSheet] = []
    for one in listed:
        if portion and (len(portion) == AT_ONCE or sum(each.rows for each in portion) + one.rows > ROWS_AT_ONCE):
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def _take(work: Work, claim: Claim, portion: Sequence[ListedSheet]) -> list[Outcome]:
    shop = selling(work.shops.lock(claim.shop_id))
    present = work.products.lock_handles(shop.shop_id, [one.sheet.handle for one in portion])
    outcomes = [_followed(work, present.get(one.sheet.handle), shop.shop_id, one) for one in portion]
    changed = [outcome.changed for outcome in outcomes if outcome.changed]
    save(work, changed, claim.actor_id, reason="import", source_id=claim.import_id)
    return outcomes


def _followed(work: Work, product: Product | None, shop_id: UUID, listed: ListedSheet) -> Outcome:
    """What came of the product that its sheet was for."""
    was_on_shelf, new = product is not None and product.on_shelf, product is None
    try:
        if product is None:
            product = Product.new(shop_id, listed.sheet)
        elif not product.follow(listed.sheet):
            return Outcome(listed)
    except Refusal as refused:
        return Outcome(listed, refused=refused.code)
    announce(work, product, was_on_shelf=was_on_shelf)
    return Outcome(listed, new=new, changed=product)


def _cleaned(sheet: Sheet) -> Sheet:
    return replace(sheet, facts=replace(sheet.facts, description=descriptions.clean(sheet.facts.description)))

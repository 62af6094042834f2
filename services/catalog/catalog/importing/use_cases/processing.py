"""Processing imports in the import worker: parse the file, clean descriptions, store a few products at a time.

Each transaction stores the progress, so an interrupted import continues from there. Products that a file does not
name are unchanged. An import sets the opening stock of new SKUs; it never changes the stock of existing ones.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import chain, islice
from typing import Any
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from catalog.access import require_selling
from catalog.importing.model import shopify_csv
from catalog.importing.model.shopify_csv import ListedSheet
from catalog.importing.store import Claim
from catalog.importing.use_cases.report import Outcome, Tally
from catalog.products.front import Product, clean_description, currency, publish_listing
from catalog.stock.front import Cause, received
from catalog.work import Work
from shared import db_failures, observe
from shared.db import OpenWork
from shared.errors import Refusal
from shared.trace import Trace, following

PRODUCTS_PER_TRANSACTION, ROWS_PER_TRANSACTION = 5, 50  # rows of the file
# Each pause is this many times as long as the last transaction, for the sake of database, relay and consumers.
PAUSE_FACTOR = 12
LONGEST_PAUSE = 15.0  # seconds, also after a transaction that waited for locks; well within the lease
LEASE = timedelta(seconds=60)  # without stored progress for so long, another worker takes the import
LONGEST = 3600.0  # seconds a worker may spend on an import
TURN = 30.0  # seconds after which an import yields to waiting ones
MOST_ATTEMPTS = 3
CONFLICTS = 5  # retries of a transaction that fails by a deadlock or serialization conflict

Pause = Callable[[float], bool]  # waits so many seconds; returns whether the worker is to stop


class ImportFailed(Exception):
    """The import fails; products already stored remain. The code is a key of FILE_TEXTS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class PutBack(Exception):
    """The import returns to the queue: the worker is to stop, or other imports are waiting."""


class Lost(Exception):
    """The lease expired and another worker has the import."""


def process_next(open_work: OpenWork[Work], pause: Pause) -> str | None:
    """Process the import that has waited longest. Return its outcome, None if none is waiting."""
    with open_work() as work:
        claim = work.imports.claim(LEASE)
    if claim is None:
        return None
    with following(Trace(claim.correlation_id, claim.traceparent)):
        return _end(open_work, claim, pause)


def _end(open_work: OpenWork[Work], claim: Claim, pause: Pause) -> str:
    try:
        report = _Import(open_work, claim, pause).run()
    except Lost:
        return "lost"
    except PutBack:
        return _closed(open_work, "put_back", lambda work: work.imports.put_back(claim))
    except MemoryError:
        problem = shopify_csv.failure("import_too_big")
    except (ImportFailed, Refusal) as reason:
        problem = shopify_csv.failure(reason.code, getattr(reason, "facts", {}))
    else:
        return _closed(open_work, "done", lambda work: work.imports.finish(claim, work.now, report))
    return _closed(open_work, "failed", lambda work: work.imports.fail(claim, work.now, problem))


def _closed(open_work: OpenWork[Work], outcome: str, close: Callable[[Work], bool]) -> str:
    with open_work() as work:
        return outcome if close(work) else "lost"


class _Import:
    """One import in progress. It pauses between transactions to leave the database to others."""

    def __init__(self, open_work: OpenWork[Work], claim: Claim, pause: Pause) -> None:
        self._open_work, self._claim, self._wait = open_work, claim, pause
        self._began = time.monotonic()

    def run(self) -> dict[str, Any]:
        """The report of the processed import. Raises FileRefused, ShopSuspended, ImportFailed, PutBack, Lost."""
        if self._claim.attempt > MOST_ATTEMPTS:
            raise ImportFailed("import_interrupted")
        file = shopify_csv.read(self._claim.csv.decode(), currency())
        self._tally = Tally(file, self._claim.progress)
        self._before = self._tally.seconds
        took = 0.0
        for portion in _portions(file.products[self._tally.taken :]):
            if took:
                self._pause(min(took * PAUSE_FACTOR, LONGEST_PAUSE))
            cleaned = [_cleaned(one) for one in portion]
            began = time.monotonic()
            self._seconds = self._before + round(began - self._began)
            self._store(cleaned)
            took = time.monotonic() - began
        return self._tally.report()

    def _pause(self, seconds: float) -> None:
        if self._wait(seconds):
            raise PutBack
        running = time.monotonic() - self._began
        if running > LONGEST:
            raise ImportFailed("import_too_slow")
        if running > TURN and self._others_wait():
            raise PutBack

    def _others_wait(self) -> bool:
        with self._open_work() as work:
            return work.imports.others_wait()

    def _store(self, portion: Sequence[Outcome]) -> None:
        """Store these products. A product that cannot be stored, for whatever reason, is left out alone."""
        try:
            self._transaction(portion)
        except Exception as failure:
            if _is_not_about_products(failure) or (len(portion) == 1 and portion[0].refused):
                raise
            if len(portion) == 1:
                observe.log.error("a product could not be stored", line=portion[0].listed.line, exc_info=failure)
                portion = [replace(portion[0], refused="product_not_stored")]
            for one in portion:
                self._store([one])

    def _transaction(self, portion: Sequence[Outcome]) -> None:
        for pause in islice(db_failures.pauses(), CONFLICTS):
            try:
                return self._once(portion)
            except DBAPIError as failure:
                if not db_failures.is_conflict(failure):
                    raise
                observe.conflicts.labels("import").inc()
                time.sleep(pause)
        return self._once(portion)

    def _once(self, portion: Sequence[Outcome]) -> None:
        with self._open_work() as work:
            tally = self._tally.plus(_take(work, self._claim, portion), self._seconds)
            if not work.imports.save_progress(self._claim, LEASE, tally.progress()):
                raise Lost
        self._tally = tally


def _is_not_about_products(failure: Exception) -> bool:
    """Whether the failure has another cause than the products, so that no product is left out because of it."""
    of_the_import = isinstance(failure, Lost | Refusal | MemoryError)
    return of_the_import or db_failures.is_outage(failure) or db_failures.is_conflict(failure)


def _portions(listed: Iterable[ListedSheet]) -> Iterator[list[ListedSheet]]:
    """Split products into one portion per transaction, limited in products and in rows."""
    portion: list[ListedSheet] = []
    for one in listed:
        if portion and (
            len(portion) == PRODUCTS_PER_TRANSACTION
            or sum(each.rows for each in portion) + one.rows > ROWS_PER_TRANSACTION
        ):
            yield portion
            portion = []
        portion.append(one)
    if portion:
        yield portion


def _take(work: Work, claim: Claim, portion: Sequence[Outcome]) -> list[Outcome]:
    """Create or change these products and return their outcomes; refused ones remain refused."""
    shop = require_selling(work.shops.lock(claim.shop_id))
    wanted = [one.listed.sheet.handle for one in portion if not one.refused]
    present = work.products.lock_handles(shop.shop_id, wanted)
    outcomes = [
        one if one.refused else _applied(work, present.get(one.listed.sheet.handle), shop.shop_id, one.listed)
        for one in portion
    ]
    changed = [outcome.changed for outcome in outcomes if outcome.changed]
    _save(work, claim, changed)
    return outcomes


def _save(work: Work, claim: Claim, products: Sequence[Product]) -> None:
    """Store products, and the opening stock of their new SKUs with the uploader as its actor."""
    work.products.save(products, work.now)
    openings = [
        received(product.opening_stock, claim.actor_id, cause=Cause.IMPORT, source_id=claim.import_id)
        for product in products
    ]
    work.stock.open(list(chain.from_iterable(openings)), work.now)


def _applied(work: Work, product: Product | None, shop_id: UUID, listed: ListedSheet) -> Outcome:
    """Create the product or apply the sheet to it; return the outcome."""
    was_on_shelf, new = product is not None and product.on_shelf, product is None
    try:
        if product is None:
            product = Product.new(shop_id, listed.sheet)
        elif not product.apply(listed.sheet):
            return Outcome(listed)
    except Refusal as refused:
        return Outcome(listed, refused=refused.code)
    publish_listing(work, product, was_on_shelf=was_on_shelf)
    return Outcome(listed, new=new, changed=product)


def _cleaned(listed: ListedSheet) -> Outcome:
    """The product with a cleaned description, or refused if that is not possible. Nothing is stored yet."""
    facts = listed.sheet.facts
    try:
        facts = replace(facts, description=clean_description(facts.description))
    except Refusal as refused:
        return Outcome(listed, refused=refused.code)
    return Outcome(replace(listed, sheet=replace(listed.sheet, facts=facts)))

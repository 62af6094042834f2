"""Importing a Shopify product CSV: a transaction for every fifty products, and a report of every row.

The same file again changes nothing, so an import that was cut off in the middle is simply repeated. What a
file does not name stays; stock is only ever opened, never overwritten.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from uuid import UUID

from catalog import descriptions, documents, schemas
from catalog.access import ShopUnknown, own, selling
from catalog.descriptions import BadDescription, DescriptionTooLong
from catalog.documents import Document
from catalog.domain import shopify_csv
from catalog.domain.product import Product, Sheet, SkuAmbiguous
from catalog.domain.shopify_csv import ListedSheet, ProductFile
from catalog.use_cases.announcing import announce
from catalog.use_cases.import_report import Tally
from catalog.use_cases.products import save
from catalog.use_cases.wishes import currency
from catalog.work import Work
from shared.auth import Caller
from shared.idempotency import KeyReused
from shared.ids import new_id

OpenWork = Callable[[], AbstractContextManager[Work]]
AT_ONCE = 50  # products in a transaction


def import_products(open_work: OpenWork, caller: Caller, wish: schemas.ImportProducts) -> Document:
    """Take in a file and answer with the report. Raises FileRefused, FileTooLarge, ShopUnknown, KeyReused."""
    with open_work() as work:
        shop_id = _shop_id(work, caller, wish.shop)
    file = shopify_csv.read(wish.csv, currency())
    with open_work() as work:
        record = _begin(work, shop_id, wish)
    if record["state"] == "running":
        record = _run(open_work, caller, record, file)
    return documents.import_document(record)


def _shop_id(work: Work, caller: Caller, named: str) -> UUID:
    try:
        shop = work.shops.get(UUID(named))
    except ValueError:
        shop = work.shops.by_slug(named)
    own(caller, shop.shop_id if shop else None, ShopUnknown())
    return selling(shop).shop_id


def _begin(work: Work, shop_id: UUID, wish: schemas.ImportProducts) -> Any:
    digest = hashlib.sha256(wish.csv.encode(errors="replace")).hexdigest()
    record = work.imports.begin(
        import_id=new_id(),
        shop_id=shop_id,
        filename=wish.filename,
        idempotency_key=wish.idempotency_key,
        digest=digest,
        started_at=work.now,
    )
    if record["digest"] != digest:
        raise KeyReused
    return record


def _run(open_work: OpenWork, caller: Caller, record: Any, file: ProductFile) -> Any:
    tally = Tally(file)
    for start in range(0, len(file.products), AT_ONCE):
        with open_work() as work:
            _take(work, caller, record, file.products[start : start + AT_ONCE], tally)
        time.sleep(0)  # the other requests of this process have their turn
    with open_work() as work:
        work.imports.finish(record["import_id"], tally.report(), work.now)
        return work.imports.get(record["import_id"])


def _take(work: Work, caller: Caller, record: Any, listed: list[ListedSheet], tally: Tally) -> None:
    shop = selling(work.shops.lock(record["shop_id"]))
    present = work.products.lock_handles(shop.shop_id, [one.sheet.handle for one in listed])
    touched = []
    for one in listed:
        product = present.get(one.sheet.handle)
        try:
            changed = _follow(work, product, shop.shop_id, _cleaned(one.sheet))
        except (SkuAmbiguous, BadDescription, DescriptionTooLong) as refused:
            tally.refuse(one, refused.code)
            continue
        tally.count(one, new=product is None, changed=changed)
        touched += [changed] if changed else []
    save(work, touched, caller, reason="import", source_id=record["import_id"])


def _follow(work: Work, product: Product | None, shop_id: UUID, sheet: Sheet) -> Product | None:
    """The product after the sheet, None if that changed nothing. Raises SkuAmbiguous."""
    was_on_shelf = product is not None and product.on_shelf
    if product is None:
        product = Product.new(shop_id, sheet)
    elif not product.follow(sheet):
        return None
    announce(work, product, was_on_shelf=was_on_shelf)
    return product


def _cleaned(sheet: Sheet) -> Sheet:
    return replace(sheet, facts=replace(sheet.facts, description=descriptions.clean(sheet.facts.description)))

"""Uploading a product CSV: it is stored, and the import worker processes it later (`processing`).

A shop has at most one unfinished import, so the queue is fair between shops and no shop can fill it.
"""

import hashlib
from typing import Any
from uuid import UUID

from catalog.access import ShopNotFound, require_own_shop, require_selling
from catalog.importing import views
from catalog.importing.model import shopify_csv
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import ImportProducts
from shared.errors import Conflict
from shared.idempotency import KeyReused
from shared.ids import new_id


class ImportInProgress(Conflict):
    """The shop has an unfinished import; wait until it is finished."""

    code = "import_in_progress"


def begin(work: Work, caller: Caller, requested: ImportProducts) -> answers.Import:
    """Store a file for import; a repeated idempotency key returns the existing import.

    Raises FileRefused, FileTooLarge, ShopNotFound, ShopSuspended, ImportInProgress, KeyReused.
    """
    shop_id = _shop_id(work, caller, requested.shop)
    file = shopify_csv.encoded(requested.csv)
    digest = hashlib.sha256(file).hexdigest()
    record = _add(work, caller, requested, shop_id=shop_id, csv=file, digest=digest)
    if record["digest"] != digest:
        raise KeyReused
    return views.product_import(record)


def _shop_id(work: Work, caller: Caller, named: str) -> UUID:
    try:
        shop = work.shops.get(UUID(named))
    except ValueError:
        shop = work.shops.by_slug(named)
    require_own_shop(caller, shop.shop_id if shop else None, ShopNotFound())
    return require_selling(shop).shop_id


def _add(work: Work, caller: Caller, requested: ImportProducts, **file: Any) -> Any:
    request = work.trace_of(None)
    added = work.imports.add(
        **file,
        import_id=new_id(),
        filename=requested.filename,
        idempotency_key=requested.idempotency_key,
        actor_id=caller.user_id,
        correlation_id=request.correlation_id,
        traceparent=request.traceparent,
        started_at=work.now,
    )
    return added or _present(work, file["shop_id"], requested.idempotency_key)


def _present(work: Work, shop_id: UUID, key: str | None) -> Any:
    """The import with this idempotency key. Raises ImportInProgress if the shop has another unfinished import."""
    same = work.imports.with_key(shop_id, key) if key else None
    if same is None:
        other = work.imports.unfinished(shop_id)
        raise ImportInProgress(import_id=str(other["import_id"]) if other else None)
    return same

"""Reads imports."""

from catalog.access import require_own_shop
from catalog.importing import views
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetImport, ListImports
from shared.contracts.pages import Page, page
from shared.errors import NotFound


class ImportNotFound(NotFound):
    """There is no such import."""

    code = "import_not_found"


def get_import(work: Work, caller: Caller, requested: GetImport) -> answers.Import:
    """An import in any state. Raises ImportNotFound, Forbidden."""
    record = work.imports.get(requested.import_id)
    require_own_shop(caller, record["shop_id"] if record else None, ImportNotFound())
    assert record is not None
    return views.product_import(record)


def list_imports(work: Work, caller: Caller, requested: ListImports) -> Page[answers.ImportSummary]:
    """The imports of the caller's shop, newest first. Raises Forbidden."""
    caller.require_shop(requested.shop_id)
    found = work.imports.of_shop(requested.shop_id, after=requested.cursor, limit=requested.limit + 1)
    return page(found, views.import_summary, lambda row: row["import_id"], requested.limit)

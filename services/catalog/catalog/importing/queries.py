"""Reads imports."""

from catalog.access import require_own_shop
from catalog.importing import views
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import GetImport
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

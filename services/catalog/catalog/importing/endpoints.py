"""RPC methods of imports."""

from catalog.importing import queries
from catalog.importing.use_cases import uploads
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import views
from shared.contracts.catalog.requests import GetImport, ImportProducts, ListImports
from shared.contracts.pages import Page
from shared.entrypoints import answers


class Importing:
    """Accepts product files, which the import worker processes, and returns their imports."""

    @answers(ImportProducts)
    def import_products(self, work: Work, caller: Caller, request: ImportProducts) -> views.Import:
        return uploads.begin(work, caller, request)

    @answers(GetImport)
    def get_import(self, work: Work, caller: Caller, request: GetImport) -> views.Import:
        return queries.get_import(work, caller, request)

    @answers(ListImports)
    def list_imports(self, work: Work, caller: Caller, request: ListImports) -> Page[views.ImportSummary]:
        return queries.list_imports(work, caller, request)

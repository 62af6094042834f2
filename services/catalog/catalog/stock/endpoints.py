"""RPC methods of stock, and handlers of the commands of orders."""

from catalog.stock import queries, use_cases
from catalog.stock.use_cases import Deliveries
from catalog.work import Work
from shared.auth import Caller
from shared.contracts.catalog import CommitStock, ReleaseStock, ReserveStock, Restock, views
from shared.contracts.catalog.requests import AdjustStock, GetStock
from shared.entrypoints import answers, handles


class Stock:
    """Stock levels with their journal, and the reservations, releases, commits and restocks of checkouts."""

    @answers(AdjustStock)
    def adjust_stock(self, work: Work, caller: Caller, request: AdjustStock) -> views.StockLevel:
        return use_cases.adjust_stock(work, caller, request)

    @answers(GetStock)
    def get_stock(self, work: Work, caller: Caller, request: GetStock) -> views.Stock:
        return queries.get_stock(work, caller, request)

    @handles(ReserveStock, together=True)
    def reserve_stock(self, work: Work, deliveries: Deliveries[ReserveStock]) -> None:
        use_cases.reserve(work, deliveries)

    @handles(ReleaseStock, together=True)
    def release_stock(self, work: Work, deliveries: Deliveries[ReleaseStock]) -> None:
        use_cases.release(work, deliveries)

    @handles(CommitStock, together=True)
    def commit_stock(self, work: Work, deliveries: Deliveries[CommitStock]) -> None:
        use_cases.commit(work, deliveries)

    @handles(Restock, together=True)
    def restock(self, work: Work, deliveries: Deliveries[Restock]) -> None:
        use_cases.restock(work, deliveries)

"""How much load is put on the system, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Load:
    """Sizes of the loads. Top rates need as many shoppers at once as fill the batches of the services."""

    seconds: float = 10.0  # of one part
    shoppers: int = 256  # at once, each with an account: purchases, purchases on delivery
    buyers: int = 2000  # of one SKU, four for each piece
    buyers_at_once: int = 256
    refunds: int = 64  # at once
    connections: int = 16  # of reads and quotes

    def concurrency(self) -> dict[str, int]:
        """How many requests of each part are in progress at once, except in the open loops."""
        return {
            "pgbench": PGBENCH_CLIENTS,
            **dict.fromkeys(("hello", "browse", "product", "search", "quote"), self.connections),
            **dict.fromkeys(("purchases", "cod_checkouts"), self.shoppers),
            "hot_sku": self.buyers_at_once,
            "refunds": self.refunds,
            "checkout_to_awaiting_payment_alone": 1,
        }


PGBENCH_CLIENTS = 8
SHORT = Load(seconds=1, shoppers=8, buyers=40, buyers_at_once=20, refunds=4)

"""Events at full speed: changes of products, each with its event, until marketing has followed all of them.

`python -m bench.events COUNT` with the environment of catalog: reads the products, writes "ready", waits for a
line of input, and publishes in transactions of 100 events.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice
from uuid import UUID

import sqlalchemy as sa

from catalog.products.model.product import Product
from catalog.products.model.shelf import Shelf
from catalog.products.tables import product as products
from catalog.products.use_cases.publishing import publish_listing
from catalog.work import Work
from shared.db import Database

AT_ONCE = 100


def publish(count: int) -> None:
    """Change products `count` times in all; each change publishes one event."""
    open_work = Database.standalone("catalog", Work)
    with open_work() as work:
        known = _listed(work)
    order, step = list(islice(cycle(known), count)), min(AT_ONCE, len(known))
    print("ready", flush=True)
    sys.stdin.readline()
    for at in range(0, count, step):
        with open_work() as work:
            _change(work, order[at : at + step], known)


def _listed(work: Work) -> Mapping[UUID, Product]:
    listed = sa.select(products.c.product_id).where(products.c.shelf == Shelf.ON_SHELF)
    ids = work.connection.execute(listed.order_by(products.c.product_id).limit(1000)).scalars().all()
    return {product_id: found for product_id in ids if (found := work.products.get(product_id))}


def _change(work: Work, ids: Sequence[UUID], known: Mapping[UUID, Product]) -> None:
    """Give each product its next version, in one statement, and publish that it changed."""
    row = sa.update(products).where(products.c.product_id.in_(ids)).values(version=products.c.version + 1)
    versions = work.connection.execute(row.returning(products.c.product_id, products.c.version)).all()
    for product_id, version in versions:
        publish_listing(work, replace(known[product_id], version=version), was_on_shelf=True)


if __name__ == "__main__":
    publish(int(sys.argv[1]))

"""A message is lost in the broker: the auditor finds it and has it sent again, and it is handled once."""

import signal
from uuid import UUID

import pika
import pytest
from sqlalchemy import NullPool, create_engine, text

from local.auditing import Inconsistent, audit, check_consistent
from shared.testing import eventually

QUEUE = "marketing:catalog.product_published.v1"


@pytest.fixture
def channel(shop_system):
    connection = pika.BlockingConnection(pika.URLParameters(shop_system.site.amqp_url))
    yield connection.channel()
    connection.close()


@pytest.fixture
def rows(shop_system):
    """Rows of a service's database."""

    def read(service, query, **terms):
        engine = create_engine(shop_system.site.databases[service], poolclass=NullPool)
        with engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), terms).mappings()]

    return read


def frozen_while_starting(system, name):
    """Restart the process, and freeze it before it connects to the broker."""
    child = system.supervisor.children[name]
    before = child.running.pid
    system.kill(name, signal.SIGKILL)
    eventually(lambda: child.running and child.running.pid != before, within=30, every=0.005)
    system.kill(name, signal.SIGSTOP)


def draft(shop_id):
    return {
        "shop_id": shop_id,
        "title": "龙泉青瓷杯",
        "skus": [{"price": {"amount": 6900, "currency": "CNY"}, "stock": 3}],
    }


def test_a_purged_message_is_found_sent_again_and_handled_once(
    shop_system, servers, products, merchant_of, shopper, channel, rows
):
    owner = merchant_of(products[0])
    product = owner.post("/merchant/products", draft(products[0]["shop_id"]))
    frozen_while_starting(shop_system, "marketing")
    owner.post(f"/merchant/products/{product['product_id']}/publish")
    count = lambda: channel.queue_declare(QUEUE, passive=True).method.message_count  # noqa: E731
    eventually(lambda: count() == 1)
    channel.queue_purge(QUEUE)
    shop_system.kill("marketing", signal.SIGCONT)
    shop_system.wait_ready("marketing")
    (lost,) = rows(
        "catalog",
        "SELECT message_id FROM outbox WHERE topic = 'catalog.product_published.v1' AND subject = :product",
        product=product["product_id"],
    )
    message_id = UUID(str(lost["message_id"]))

    with pytest.raises(Inconsistent, match=f"message {message_id} at marketing.follow_catalog"):
        check_consistent(shop_system.site, servers)
    repaired = audit(shop_system.site, repair=True)
    assert (
        f"message {message_id} at marketing.follow_catalog: send it again, to marketing only: done"
        in repaired.text
    )
    check_consistent(shop_system.site, servers)

    inbox = "SELECT consumer FROM inbox WHERE message_id = :id"
    assert rows("marketing", inbox, id=message_id) == [{"consumer": "marketing.follow_catalog"}]
    log = "SELECT action, after FROM operator_log WHERE about = :about"
    assert rows("catalog", log, about=f"message {message_id}") == [
        {"action": "message.resend", "after": {"queue": QUEUE}}
    ]
    sku = owner.get(f"/merchant/products/{product['product_id']}")["skus"][0]["sku_id"]
    assert shopper.quote((sku, 1))["total"]["amount"] > 0

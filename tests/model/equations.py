"""What must hold when everything has been processed: stock, money, ledger and coupons match across services."""

from collections import Counter, defaultdict
from itertools import pairwise

from auditor.audit import audit
from auditor.report import as_text
from orders.sagas import SAGAS
from shared.sagas import history, store
from tests.model.people import OPENING, parcel_lines
from tests.model.queries import CHECKS, WorldQueries
from tests.model.world import World

DUE = {"confirmed", "preparing", "shipped", "delivered", "completed"}


class OrderRecords:
    """The orders of some buyers with all related rows of the services' databases."""

    def __init__(self, world: World, buyers: list) -> None:
        self.world = world
        ids = {"buyers": [buyer.user_id for buyer in buyers]}
        self.orders = self._read("SELECT * FROM orders WHERE buyer_id = ANY(:buyers)", ids)
        self.checkouts = self._read("SELECT * FROM checkout WHERE buyer_id = ANY(:buyers)", ids)
        of_orders = {"orders": [order["order_id"] for order in self.orders]}
        self.lines = self._grouped("SELECT * FROM order_line WHERE order_id = ANY(:orders)", of_orders)
        self.parcels = self._grouped("SELECT * FROM parcel WHERE order_id = ANY(:orders)", of_orders)
        self.refunds = self._grouped("SELECT * FROM refund WHERE order_id = ANY(:orders)", of_orders)
        query = "SELECT s.* FROM saga s WHERE state::text LIKE ANY(:signs)"
        signs = {"signs": [f"%{order['order_id']}%" for order in self.orders]}
        self.sagas = self._read(query, signs)
        self.parts = {
            part["order_id"]: part
            for part in world.rows(
                "payments",
                "SELECT * FROM payment_parts JOIN payments USING (payment_id) WHERE order_id = ANY(:orders)",
                **of_orders,
            )
        }

    def _read(self, query, terms):
        return self.world.rows("orders", query, **terms)

    def _grouped(self, query, terms):
        found = defaultdict(list)
        for row in self._read(query, terms):
            found[row["order_id"]].append(row)
        return found

    def sent(self, order_id):
        units = Counter()
        for parcel in self.parcels[order_id]:
            units.update(parcel_lines(parcel))
        return units

    def returned_units(self, order_id):
        """The units that were refunded before they were sent, and so were restocked."""
        units = Counter()
        for refund in self.refunds[order_id]:
            for line in refund["lines"] if refund["state"] == "refunded" else ():
                units[line["line_id"]] += line["unsent"]
        return units

    def refunded_units(self, order_id):
        units = Counter()
        for refund in self.refunds[order_id]:
            for line in refund["lines"] if refund["state"] == "refunded" else ():
                units[line["line_id"]] += line["quantity"]
        return units


def every_path_has_ended(records: OrderRecords) -> None:
    assert [s["status"] for s in records.sagas if s["status"] not in ("done", "undone")] == []
    assert {order["state"] for order in records.orders} <= DUE | {"cancelled"}
    assert {r["state"] for rs in records.refunds.values() for r in rs} <= {
        "requested", "refunded", "refused", "failed",
    }  # fmt: skip
    for order in records.orders:
        if order["state"] == "cancelled":
            assert all(refund["state"] != "requested" for refund in records.refunds[order["order_id"]])


def replaying_gives_the_stored_sagas(records: OrderRecords) -> None:
    """SG-16: each saga equals the replay of its transitions, each of which begins where the previous one ended."""
    with records.world.open["orders"]() as work:
        for row in records.sagas:
            saga = next(saga for saga in SAGAS if saga.name == row["name"])
            (found,) = store.lock(work.connection, [row["saga_id"]])
            rows = store.history(work.connection, row["saga_id"])
            assert history.replay(saga, rows) == found.instance(saga)
            for before, after in pairwise(rows):
                assert (after["from_status"], after["from_step"]) == (before["to_status"], before["to_step"])


def stock_adds_up(records: OrderRecords, sku_ids: list[str]) -> None:
    """The units that left the stock are those that were not refunded before they were sent."""
    sold = Counter()
    for order in records.orders:
        sent, returned = records.sent(order["order_id"]), records.returned_units(order["order_id"])
        for line in records.lines[order["order_id"]] if order["state"] in DUE else ():
            kept = line["quantity"] - returned[str(line["line_id"])]
            assert sent[str(line["line_id"])] <= kept, "a unit was sent and restocked"
            sold[str(line["sku_id"])] += kept
    query = """
        SELECT sku_id::text, on_hand, reserved, (SELECT sum(change) FROM stock_journal j WHERE j.sku_id = s.sku_id)
        AS journal FROM stock s WHERE sku_id = ANY(CAST(:skus AS uuid[]))
    """
    for row in records.world.rows("catalog", query, skus=sku_ids):
        assert row["reserved"] == 0
        assert row["on_hand"] == row["journal"] == OPENING - sold[row["sku_id"]], row


def money_adds_up(records: OrderRecords) -> None:
    """For each order, orders and payments agree on the amount due; and the provider has as much."""
    for order in records.orders:
        part = records.parts.get(order["order_id"])
        due = order["total"] - order["refunded"] if order["state"] in DUE else 0
        kept = part["receivable"] + part["captured"] - part["refunded"] if part else 0
        assert kept == due, (order["state"], order["total"], order["refunded"], part)
        if order["state"] in ("delivered", "completed"):
            assert not part or part["receivable"] == 0


def the_provider_agrees_with_the_ledger(records: OrderRecords, wechat) -> None:
    paid = sum(p.amount.amount for p in wechat.payments.values() if p.state == "paid")
    back = sum(r.amount.amount for r in wechat.refunds.values() if r.state == "succeeded")
    query = "SELECT code, currency, sum(balance)::bigint AS balance FROM ledger_accounts GROUP BY code, currency"
    accounts = {row["code"]: row["balance"] for row in records.world.rows("payments", query)}
    assert sum(accounts.values()) == 0
    assert accounts.get("provider_clearing", 0) == paid - back
    assert accounts.get("unapplied_receipts", 0) == accounts.get("refunds_in_transit", 0) == 0
    assert accounts.get("unidentified_receipts", 0) == accounts.get("unidentified_refunds", 0) == 0
    due = "SELECT coalesce(sum(receivable + captured - refunded), 0)::bigint AS due FROM payment_parts"
    assert accounts.get("merchant_payable", 0) == -records.world.rows("payments", due)[0]["due"]


def coupons_add_up(records: OrderRecords, coupon_ids: list[str]) -> None:
    """A coupon is used by the one checkout that kept it, and free if none did."""
    states = defaultdict(set)
    for order in records.orders:
        states[order["checkout_id"]].add(order["state"])
    used = {
        benefit["coupon_id"]: checkout["checkout_id"]
        for checkout in records.checkouts
        for benefit in checkout["benefits"]
        if states[checkout["checkout_id"]] != {"cancelled"}
    }
    query = "SELECT coupon_id::text, state, checkout_id FROM coupons WHERE coupon_id = ANY(CAST(:ids AS uuid[]))"
    for row in records.world.rows("marketing", query, ids=coupon_ids):
        checkout_id = used.get(row["coupon_id"])
        assert (row["state"], row["checkout_id"]) == ("redeemed" if checkout_id else "free", checkout_id)


def the_auditor_finds_nothing(world: World) -> None:
    """The auditor, which sees only its audit queries, has no findings."""
    report = audit(CHECKS, WorldQueries(world), grace=None, pause=lambda: None)
    assert report.clean, as_text(report)


def order_states_match_the_parcels(records: OrderRecords) -> None:
    """An order in preparation has units left to send; a shipped one has all its parcels."""
    for order in records.orders:
        sent, refunded = records.sent(order["order_id"]), records.refunded_units(order["order_id"])
        left = [
            line
            for line in records.lines[order["order_id"]]
            if line["quantity"] - refunded[str(line["line_id"])] - sent[str(line["line_id"])] > 0
        ]
        requested = any(
            refund["state"] in ("requested", "failed") for refund in records.refunds[order["order_id"]]
        )
        if order["state"] == "preparing":
            assert left or requested, order
        arrived = all(parcel["state"] == "delivered" for parcel in records.parcels[order["order_id"]])
        assert order["state"] != "shipped" or not arrived, order
        if order["state"] in ("shipped", "delivered", "completed") and not requested:
            assert not left, order

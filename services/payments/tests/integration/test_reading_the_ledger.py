"""The ledger as operators read it: accounts, their entries with balances, postings with their cause."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from payments.ledger.model import CursorInvalid, PostingNotFound
from payments.ledger.store import BEFORE, ENTRIES, SINCE
from payments.ledger.views import CAUSES
from services.payments.tests.builders import cash_on_delivery, confirmed, part, refund_payment, yuan
from services.payments.tests.till import OPERATOR
from shared.contracts.payments.views import PostingKind
from shared.ids import new_id

CLEARING = "provider_clearing:wechat"


@pytest.fixture
def entries(till):
    """The page of an account's entries."""
    return lambda name=CLEARING, **which: till.service.list_account_entries(OPERATOR, {"name": name, **which})


def amounts(page, field="amount"):
    return [each[field] and each[field]["amount"] for each in page["items"]]


def test_accounts_are_listed_in_pages_with_their_owners_and_balances(till):
    one, two = part(yuan(30)), part(yuan(58))
    till.paid(one, two)
    listed = lambda **which: till.service.list_ledger_accounts(OPERATOR, which)  # noqa: E731
    first = listed(limit=2)
    rest = listed(cursor=first["next"])
    found = {each["name"]: each for each in (*first["items"], *rest["items"])}
    assert list(found) == sorted(found)
    mine = found[f"merchant_payable:{one.shop_id}"]
    assert (mine["account"], mine["shop_id"], mine["balance"]["amount"]) == (
        "merchant_payable",
        str(one.shop_id),
        -3000,
    )
    assert found[CLEARING]["provider"] == "wechat"
    assert [each["name"] for each in listed(account="provider_clearing")["items"]] == [CLEARING]
    assert [each["name"] for each in listed(shop_id=str(two.shop_id))["items"]] == [
        f"merchant_payable:{two.shop_id}"
    ]


def test_each_entry_has_the_balance_after_it_over_all_pages(till, entries):
    for amount in (10, 20, 30, 40):
        till.paid(part(yuan(amount)))
    first = entries(limit=3)
    till.paid(part(yuan(99)))
    rest = entries(limit=3, cursor=first["next"])
    assert amounts(first) + amounts(rest) == [4000, 3000, 2000, 1000]
    assert amounts(first, "balance") + amounts(rest, "balance") == [10000, 6000, 3000, 1000]
    assert rest["next"] is None


def test_entries_of_one_posting_in_one_account_are_not_lost_between_pages(till, entries):
    shop_id = new_id()
    till.paid(part(yuan(30), shop_id=shop_id), part(yuan(58), shop_id=shop_id))
    account = f"merchant_payable:{shop_id}"
    first = entries(account, limit=1)
    rest = entries(account, limit=1, cursor=first["next"])
    assert sorted(amounts(first) + amounts(rest)) == [-5800, -3000]
    assert amounts(first, "balance") == [-8800]


def test_entries_are_limited_to_a_time(till, entries):
    till.paid(part(yuan(10)))
    between = datetime.now(UTC)
    till.paid(part(yuan(20)))
    since, until = {"since": between.isoformat()}, {"until": between.isoformat()}
    assert (amounts(entries(**since)), amounts(entries(**since), "balance")) == ([2000], [3000])
    assert (amounts(entries(**until)), amounts(entries(**until), "balance")) == ([1000], [None])
    assert entries(**since, **until)["items"] == []


@pytest.mark.parametrize("cursor", ["x", "1_2_3", "{}_x_", "{}_1"])
def test_a_cursor_of_another_list_is_refused(entries, cursor):
    cursor = cursor.format(new_id())
    with pytest.raises(CursorInvalid):
        entries(cursor=cursor)


def test_accounts_without_entries_and_unknown_ones_are_empty(entries):
    assert entries("bank") == {"items": [], "next": None}
    assert entries("no such account")["items"] == []


def test_a_posting_shows_its_entries_its_cause_and_the_others_of_its_payment(till, entries):
    command = till.paid(part(yuan(88)))
    refund = refund_payment(command, amount=yuan(10))
    till.send(refund)
    (capture,) = till.rows("SELECT * FROM captures")
    (entry,) = entries()["items"]
    assert (entry["posting"], entry["cause"], entry["cause_id"]) == (
        "captured",
        "capture",
        str(capture["capture_id"]),
    )
    shown = till.service.get_posting(OPERATOR, {"posting_id": entry["posting_id"]})
    assert (shown["payment_id"], shown["checkout_id"]) == (str(command.payment_id), str(command.checkout_id))
    assert shown["transaction_id"] == capture["transaction_id"]
    assert {each["account"]: each["amount"]["amount"] for each in shown["entries"]} == {
        CLEARING: 8800,
        f"merchant_payable:{command.parts[0].shop_id}": -8800,
    }
    (other,) = shown["others"]
    requested = till.service.get_posting(OPERATOR, {"posting_id": other["posting_id"]})
    assert (requested["posting"], requested["cause"], requested["cause_id"]) == (
        "refund_requested",
        "refund",
        str(refund.refund_id),
    )
    assert requested["transaction_id"] is None
    details = till.service.get_payment_details(OPERATOR, {"payment_id": str(command.payment_id)})
    assert {each["posting_id"] for each in details["entries"]} == {shown["posting_id"], other["posting_id"]}


def test_cash_is_caused_by_its_order(till, entries):
    command = cash_on_delivery()
    till.send(command)
    till.send(confirmed(command))
    (entry,) = entries("receivable")["items"]
    assert (entry["cause"], entry["cause_id"], entry["order_id"]) == (
        "order",
        *[str(command.parts[0].order_id)] * 2,
    )


def test_an_unknown_posting_is_not_found(till):
    with pytest.raises(PostingNotFound):
        till.service.get_posting(OPERATOR, {"posting_id": str(new_id())})


def test_every_kind_of_posting_has_a_kind_of_cause():
    assert set(CAUSES) == set(PostingKind)


MANY_ENTRIES = """
    WITH postings AS (
        INSERT INTO ledger_postings (posting_id, kind, about, posted_at)
        SELECT gen_random_uuid(), 'many', gen_random_uuid(), now() FROM generate_series(1, 5000)
        RETURNING posting_id
    )
    INSERT INTO ledger_entries (posting_id, line, account, currency, amount)
    SELECT posting_id, line, 'account ' || row_number() OVER () % 50, 'CNY', 1
    FROM postings, generate_series(1, 2) AS line
"""


def test_entries_are_found_in_order_by_an_index(till):
    all_ids = {"first": UUID(int=0), "before": UUID(int=2**128 - 1), "line": 0}
    terms = {"name": "account 7", "currency": "CNY", "since": datetime.now(UTC) - timedelta(days=1), "most": 21}
    with till.open_work() as work:
        # without triggers: these postings do not balance
        work.connection.execute(text("SET LOCAL session_replication_role = replica"))
        work.connection.execute(text(MANY_ENTRIES))
        work.connection.execute(text("ANALYZE ledger_entries, ledger_postings"))
        explained = text(f"EXPLAIN {ENTRIES.format(which=BEFORE + SINCE)}")
        plan = "\n".join(work.connection.execute(explained, terms | all_ids).scalars())
        work.connection.rollback()
    assert "ledger_entries_of_an_account" in plan
    assert "Sort" not in plan

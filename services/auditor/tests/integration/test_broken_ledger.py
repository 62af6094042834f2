"""Each violated invariant of the ledger is found."""

import pytest


def test_a_posting_that_does_not_balance_is_found(shop):
    posting_id = shop.one("payments", "SELECT posting_id FROM ledger_entries ORDER BY posting_id LIMIT 1")
    shop.sql(
        "payments",
        "UPDATE ledger_entries SET amount = amount + 7 WHERE posting_id = :id AND line = 0",
        id=posting_id,
    )
    found = shop.found()
    assert found["ledger.postings"].about == f"posting {posting_id}"
    assert "off by 7 CNY" in found["ledger.postings"].detail
    assert "ledger.accounts" in found


def test_a_posting_without_entries_is_found(shop):
    posting_id = shop.one("payments", "SELECT posting_id FROM ledger_postings ORDER BY posting_id LIMIT 1")
    shop.sql("payments", "DELETE FROM ledger_entries WHERE posting_id = :id", id=posting_id)
    assert "without entries" in shop.found()["ledger.postings"].detail


@pytest.mark.parametrize("name", ["provider_clearing", "merchant_payable"])
def test_a_balance_that_is_not_the_sum_of_its_entries_is_found(shop, name):
    shop.sql("payments", "UPDATE ledger_accounts SET balance = balance + 1 WHERE code = :name", name=name)
    found = shop.found()
    assert found["ledger.accounts"].about.startswith(f"account CNY {name}")
    assert found["ledger.total"].detail == "the balances of all accounts sum to 1"


def test_an_account_whose_row_is_missing_is_found_by_its_entries(shop):
    shop.sql("payments", "DELETE FROM ledger_accounts WHERE code = 'provider_clearing'")
    age(shop)
    assert "its balance is missing" in shop.found()["ledger.accounts"].detail


def age(shop):
    """Make all postings older than a few minutes: their ids begin with the time."""
    changed = "SET posting_id = CAST('0180' || substr(posting_id::text, 5) AS uuid)"
    for table in ("ledger_postings", "ledger_entries"):
        shop.sql("payments", f"UPDATE {table} {changed}")


def test_old_entries_are_summed_by_page_and_recent_ones_subtracted_from_the_balance(shop):
    age(shop)
    assert shop.found() == {}
    shop.sql(
        "payments", "UPDATE ledger_entries SET amount = amount + 1 WHERE account = 'provider_clearing:wechat'"
    )
    assert "its entries sum to" in shop.found()["ledger.accounts"].detail

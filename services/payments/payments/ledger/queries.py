"""Queries of the ledger."""

from collections import Counter

from payments.ledger import views
from payments.work import Work
from shared.contracts.payments import views as answers


def get_trial_balance(work: Work) -> answers.TrialBalance:
    """The balance of every account of the chart, and whether they add up to zero."""
    rows, sums = work.ledger.balances(), Counter[str]()
    for row in rows:
        sums[row["currency"]] += row["balance"]
    return answers.TrialBalance(accounts=tuple(map(views.balance, rows)), balanced=not any(sums.values()))

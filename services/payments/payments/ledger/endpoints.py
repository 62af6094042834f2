"""The operators' request about the ledger."""

from payments.ledger import queries
from payments.work import Work
from shared.auth import Caller
from shared.contracts.payments import views
from shared.contracts.payments.requests import GetTrialBalance
from shared.entrypoints import answers


class Ledger:
    """The accounts and their trial balance."""

    @answers(GetTrialBalance)
    def get_trial_balance(self, work: Work, _caller: Caller, _request: GetTrialBalance) -> views.TrialBalance:
        return queries.get_trial_balance(work)

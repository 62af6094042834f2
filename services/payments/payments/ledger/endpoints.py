"""The operators' requests about the ledger."""

from payments.ledger import queries
from payments.work import Work
from shared.auth import Caller
from shared.contracts.pages import Page
from shared.contracts.payments import ledger, views
from shared.contracts.payments.requests import GetTrialBalance
from shared.entrypoints import answers


class Ledger:
    """The trial balance, accounts, their entries, and postings."""

    @answers(GetTrialBalance)
    def get_trial_balance(self, work: Work, _caller: Caller, _request: GetTrialBalance) -> views.TrialBalance:
        return queries.get_trial_balance(work)

    @answers(ledger.ListLedgerAccounts)
    def list_ledger_accounts(
        self, work: Work, _caller: Caller, request: ledger.ListLedgerAccounts
    ) -> Page[ledger.AccountOfOwner]:
        return queries.list_accounts(work, request)

    @answers(ledger.ListAccountEntries)
    def list_account_entries(
        self, work: Work, _caller: Caller, request: ledger.ListAccountEntries
    ) -> Page[ledger.AccountEntry]:
        return queries.list_entries(work, request)

    @answers(ledger.GetPosting)
    def get_posting(self, work: Work, _caller: Caller, request: ledger.GetPosting) -> ledger.PostingDetails:
        return queries.get_posting(work, request.posting_id)

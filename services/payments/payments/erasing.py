"""Erasure of a user in payments: stored responses are deleted; payments, refunds and ledger have only an id."""

from payments.work import Work
from shared.contracts.payments import ErasePayer, PayerErased
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser

ERASER = Eraser()


class Erasing(ErasesPersons):
    """Erases users on the command of the users service."""

    eraser = ERASER

    @handles(ErasePayer)
    def erase_payer(self, work: Work, command: ErasePayer) -> None:
        work.reply(PayerErased(user_id=command.user_id, rows=ERASER.erase(work, command.user_id)))

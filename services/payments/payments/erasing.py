"""Erasing a person. Payments, refunds and ledger hold only an id and stay; stored replies are deleted."""

from payments.work import Work
from shared.contracts.payments import ErasePayer, PayerErased
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser

ERASER = Eraser()


class Erasing(ErasesPersons):
    """Erases persons at the command of users."""

    eraser = ERASER

    @handles(ErasePayer)
    def erase_payer(self, work: Work, command: ErasePayer) -> None:
        work.reply(PayerErased(user_id=command.user_id, rows=ERASER.erase(work, command.user_id)))

"""Erasing a person in payments. Payments, refunds and books have only an id, and stay; stored answers go."""

from payments.work import Work
from shared.contracts.payments import ErasePayer, PayerErased
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser

ERASER = Eraser()


class Erasing(ErasesPersons):
    """Erases persons when users says so."""

    eraser = ERASER

    @handles(ErasePayer)
    def erase_payer(self, work: Work, command: ErasePayer) -> None:
        work.reply(PayerErased(user_id=command.user_id, rows=ERASER.erase(work, command.user_id)))

"""Erasure of a user in marketing: stored responses are removed; coupons, which have only an id, are kept."""

from marketing.work import Work
from shared.contracts.marketing import CouponHolderErased, EraseCouponHolder
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser

ERASER = Eraser()


class Erasing(ErasesPersons):
    """Erases users on the command of the users service."""

    eraser = ERASER

    @handles(EraseCouponHolder)
    def erase_coupon_holder(self, work: Work, command: EraseCouponHolder) -> None:
        work.reply(CouponHolderErased(user_id=command.user_id, rows=ERASER.erase(work, command.user_id)))

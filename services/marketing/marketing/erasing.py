"""Erasing a person in marketing. Coupons tell nothing of a person but an id, and stay; stored answers go."""

from marketing.work import Work
from shared.contracts.marketing import CouponHolderErased, EraseCouponHolder
from shared.entrypoints import handles
from shared.personal.audited import ErasesPersons
from shared.personal.erasing import Eraser

ERASER = Eraser()


class Erasing(ErasesPersons):
    """Erases persons when users says so."""

    eraser = ERASER

    @handles(EraseCouponHolder)
    def erase_coupon_holder(self, work: Work, command: EraseCouponHolder) -> None:
        work.reply(CouponHolderErased(user_id=command.user_id, rows=ERASER.erase(work, command.user_id)))

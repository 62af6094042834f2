"""The commands of checkouts about benefits."""

from typing import Any

from marketing.benefits import use_cases
from marketing.work import Work
from shared.contracts.marketing import HoldBenefits, RedeemBenefits, ReleaseBenefits, RestoreBenefits
from shared.entrypoints import handles


class Benefits:
    """Hold, release, redeem and restore the benefits of checkouts."""

    work: Any

    @handles(HoldBenefits)
    def hold_benefits(self, work: Work, command: HoldBenefits) -> None:
        use_cases.hold_benefits(work, command)

    @handles(ReleaseBenefits)
    def release_benefits(self, work: Work, command: ReleaseBenefits) -> None:
        use_cases.release_benefits(work, command)

    @handles(RedeemBenefits)
    def redeem_benefits(self, work: Work, command: RedeemBenefits) -> None:
        use_cases.redeem_benefits(work, command)

    @handles(RestoreBenefits)
    def restore_benefits(self, work: Work, command: RestoreBenefits) -> None:
        use_cases.restore_benefits(work, command)

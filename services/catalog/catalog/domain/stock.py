"""Stock: how much of a SKU there is, and what is set aside of it.

Per SKU: on_hand = Σ of its journal, reserved = Σ of its open reservations, 0 ≤ reserved ≤ on_hand.
A checkout has one claim on stock; what was decided for it once is what it is told ever after.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from shared.errors import Conflict, Invalid

LOW = 5  # fewer than this are few
MOST = 10**9


class ClaimState(StrEnum):
    """The life of a checkout's claim. `released` is also the tombstone of one that was never made."""

    UNDECIDED = "undecided"
    RESERVED = "reserved"
    REFUSED = "refused"
    RELEASED = "released"
    COMMITTED = "committed"


C = ClaimState
CLAIM_MOVES: dict[ClaimState, frozenset[ClaimState]] = {
    C.UNDECIDED: frozenset({C.RESERVED, C.REFUSED, C.RELEASED}),
    C.RESERVED: frozenset({C.RELEASED, C.COMMITTED}),
    C.REFUSED: frozenset({C.RELEASED}),
    C.RELEASED: frozenset(),
    C.COMMITTED: frozenset(),
}


class Reason(StrEnum):
    """Why a claim was refused."""

    OUT_OF_STOCK = "out_of_stock"
    OFF_SHELF = "off_shelf"
    TOO_LATE = "too_late"
    HOLD_LIMIT = "stock_hold_exceeded"


class WrongClaimMove(Conflict):
    """What was decided for a checkout is decided anew."""

    code = "wrong_claim_move"


class BelowReserved(Conflict):
    """Buyers already hold more than would be left."""

    code = "stock_below_reserved"


class TooMuchStock(Invalid):
    """Nobody has that much."""

    code = "too_much_stock"


class BadLines(Invalid):
    """A claim needs lines, each of at least one piece."""

    code = "bad_lines"


@dataclass(frozen=True, kw_only=True)
class Line:
    """`quantity` pieces of a SKU for one order of the checkout."""

    order_id: UUID
    sku_id: UUID
    quantity: int


@dataclass(eq=False, kw_only=True)
class Level:
    """The stock of one SKU. `sellable`: on the shelf and not discontinued."""

    sku_id: UUID
    product_id: UUID
    shop_id: UUID
    on_hand: int
    reserved: int
    sellable: bool = True
    before: int = field(init=False)

    def __post_init__(self) -> None:
        self.before = self.available

    @property
    def available(self) -> int:
        return self.on_hand - self.reserved

    @property
    def fell_low(self) -> bool:
        """Whether it has become low since it was read."""
        return self.available < LOW <= self.before

    def reserve(self, quantity: int) -> None:
        self._become(self.on_hand, self.reserved + quantity)

    def release(self, quantity: int) -> None:
        self._become(self.on_hand, self.reserved - quantity)

    def commit(self, quantity: int) -> None:
        self._become(self.on_hand - quantity, self.reserved - quantity)

    def add(self, quantity: int) -> None:
        """More or (negative) fewer pieces on hand. Raises BelowReserved, TooMuchStock."""
        self._become(self.on_hand + quantity, self.reserved)

    def _become(self, on_hand: int, reserved: int) -> None:
        if on_hand > MOST:
            raise TooMuchStock(most=MOST)
        if not 0 <= reserved <= on_hand:
            raise BelowReserved(on_hand=self.on_hand, reserved=self.reserved)
        self.on_hand, self.reserved = on_hand, reserved


@dataclass(frozen=True, kw_only=True)
class Shortage:
    """A SKU of which more was wanted than could be had: none of one that is off the shelf."""

    sku_id: UUID
    wanted: int
    available: int
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class HoldLimit:
    """What one person may hold of a SKU unpaid: `percent` of what is there, and always `least` pieces."""

    percent: int
    least: int

    def most(self, level: Level) -> int:
        """So many pieces."""
        return max(self.least, level.on_hand * self.percent // 100)


@dataclass(eq=False, kw_only=True)
class Holder:
    """A buyer with the pieces by SKU that are set aside for him unpaid."""

    limit: HoldLimit
    held: Counter[UUID]

    def shortages(self, needed: Mapping[UUID, int], levels: Mapping[UUID, Level]) -> Iterable[Shortage]:
        """Of which SKUs he would hold too many; `available` is how many more he may hold."""
        for sku, wanted in needed.items():
            left = max(0, self.limit.most(levels[sku]) - self.held[sku])
            if wanted > left:
                yield Shortage(sku_id=sku, wanted=wanted, available=left, reason=Reason.HOLD_LIMIT)

    def hold(self, needed: Mapping[UUID, int]) -> None:
        """Count what has been set aside for him."""
        self.held.update(needed)


@dataclass(eq=False, kw_only=True)
class Claim:
    """What was decided for a checkout, and what was in the way if it was refused."""

    checkout_id: UUID
    state: ClaimState = ClaimState.UNDECIDED
    reason: Reason | None = None
    shortages: tuple[Shortage, ...] = ()

    def reserve(self, lines: Iterable[Line], levels: Mapping[UUID, Level], holder: Holder | None = None) -> None:
        """Set all lines aside, or none: the demand of a SKU is the sum over its lines.

        A known `holder` may hold only a share of each SKU's stock.
        """
        needed = demand(lines)
        found = list(_shortages(needed, levels)) or (list(holder.shortages(needed, levels)) if holder else [])
        if found:
            gone = any(shortage.reason is Reason.OFF_SHELF for shortage in found)
            self.refuse(Reason.OFF_SHELF if gone else found[0].reason, found)
        else:
            self.state = _next(self.state, ClaimState.RESERVED)
            for sku, quantity in needed.items():
                levels[sku].reserve(quantity)
            if holder:
                holder.hold(needed)

    def refuse(self, reason: Reason, shortages: Iterable[Shortage] = ()) -> None:
        self.state = _next(self.state, ClaimState.REFUSED)
        self.reason, self.shortages = reason, tuple(shortages)

    def release(self, held: Iterable[Line], levels: Mapping[UUID, Level]) -> bool:
        """Let go what is held and remember it; False if there is nothing (more) to do."""
        if self.state in (ClaimState.RELEASED, ClaimState.COMMITTED):
            return False  # committed goods have left the stock: nothing of them is set aside
        self.state = _next(self.state, ClaimState.RELEASED)
        for line in held:
            levels[line.sku_id].release(line.quantity)
        return True

    def commit(self, held: Iterable[Line], levels: Mapping[UUID, Level]) -> bool:
        """Take what is held out of the stock; False if there is nothing (more) to take."""
        if self.state is not ClaimState.RESERVED:
            return False
        self.state = _next(self.state, ClaimState.COMMITTED)
        for line in held:
            levels[line.sku_id].commit(line.quantity)
        return True


def _shortages(needed: Mapping[UUID, int], levels: Mapping[UUID, Level]) -> Iterator[Shortage]:
    for sku, wanted in sorted(needed.items()):
        level = levels.get(sku)
        if level is None or not level.sellable:
            yield Shortage(sku_id=sku, wanted=wanted, available=0, reason=Reason.OFF_SHELF)
        elif level.available < wanted:
            yield Shortage(sku_id=sku, wanted=wanted, available=level.available, reason=Reason.OUT_OF_STOCK)


def demand(lines: Iterable[Line]) -> dict[UUID, int]:
    """Pieces wanted of each SKU."""
    needed: Counter[UUID] = Counter()
    for line in lines:
        needed[line.sku_id] += line.quantity
    return dict(needed)


def merged(lines: Sequence[Line]) -> list[Line]:
    """The lines with those of one order and SKU put together. Raises BadLines."""
    if not lines or any(line.quantity < 1 for line in lines):
        raise BadLines
    sums: Counter[tuple[UUID, UUID]] = Counter()
    for line in lines:
        sums[line.order_id, line.sku_id] += line.quantity
    return [Line(order_id=order, sku_id=sku, quantity=quantity) for (order, sku), quantity in sums.items()]


def _next(present: ClaimState, wanted: ClaimState) -> ClaimState:
    if wanted not in CLAIM_MOVES[present]:
        raise WrongClaimMove(f"{present} cannot become {wanted}", state=str(present))
    return wanted

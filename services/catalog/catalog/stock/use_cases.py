"""Use cases that change stock: the commands of orders, and adjustments by a shop.

Commands are handled in batches, with a few statements for a whole batch. All decisions about a checkout are made
under the lock of its claim, so that a release and a late reservation cannot cross; levels are locked after the
claims, in order. Every command gets a reply, a repeated one from the stored claim; the event is published once.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from catalog.access import require_own_shop, require_selling
from catalog.stock import views
from catalog.stock.model.claims import Claim, ClaimState
from catalog.stock.model.holding import Holder, HoldLimit
from catalog.stock.model.journal import Cause, Entry, EntryKind
from catalog.stock.model.levels import Level, SkuNotFound
from catalog.stock.model.lines import Line, merged
from catalog.stock.model.restocking import Restocking, RestockReason
from catalog.stock.model.shortages import Reason, Shortage
from catalog.work import Work
from shared import operator_actions, settings
from shared.auth import Caller
from shared.contracts import catalog as contract
from shared.contracts.catalog import views as answers
from shared.contracts.catalog.requests import AdjustStock
from shared.errors import Invalid
from shared.ids import new_id
from shared.messages import Envelope, Event

Levels = Mapping[UUID, Level]
SKUS_AN_EVENT = 500
C = TypeVar("C")
Deliveries = Sequence[tuple[C, Envelope]]


class StockUnchanged(Invalid):
    """The change must not be 0."""

    code = "stock_unchanged"


def reserve(work: Work, deliveries: Deliveries[contract.ReserveStock]) -> None:
    """Reserve all lines of each checkout, or none, in the order of the commands."""
    claims = work.claims.lock(command.checkout_id for command, _ in deliveries)
    requested = _requested(claims, deliveries)
    levels = work.stock.lock({line.sku_id for command, _ in requested.values() for line in command.lines})
    holders = _holders(work, [command for command, _ in requested.values()], levels)
    for command, envelope in requested.values():
        claim, late = claims[command.checkout_id], bool(envelope.not_after and work.now > envelope.not_after)
        holder = holders[command.buyer_id] if command.buyer_id else None
        _decide(claim, command, levels, holder, late=late)
    _store(work, [claims[checkout_id] for checkout_id in requested], levels)
    reserved = [command for key, (command, _) in requested.items() if claims[key].state is ClaimState.RESERVED]
    work.claims.hold({c.checkout_id: _lines(c) for c in reserved}, {c.checkout_id: c.buyer_id for c in reserved})
    _publish_available(work, levels, {line.sku_id for command in reserved for line in command.lines})
    _reply(work, deliveries, lambda command: _reserved(claims[command.checkout_id]))
    _publish(work, (_reserved(claims[checkout_id]) for checkout_id in requested))


def release(work: Work, deliveries: Deliveries[contract.ReleaseStock]) -> None:
    """Release the reservations of checkouts; one without any can never reserve again (tombstone)."""
    claims, held, levels = _held(work, deliveries)
    released = [claim for key, claim in claims.items() if claim.release(held.get(key, ()), levels)]
    _store(work, released, levels)
    work.claims.close([claim.checkout_id for claim in released], ClaimState.RELEASED)
    changed = {line.sku_id for claim in released for line in held.get(claim.checkout_id, ())}
    _publish_available(work, levels, changed)
    _reply(work, deliveries, lambda c: contract.StockReleased(checkout_id=c.checkout_id))
    _publish(work, (contract.StockReleased(checkout_id=claim.checkout_id) for claim in released))


def commit(work: Work, deliveries: Deliveries[contract.CommitStock]) -> None:
    """Remove the reserved units of checkouts from the stock; refuse a checkout without a reservation."""
    claims, held, levels = _held(work, deliveries)
    sold = [claim for key, claim in claims.items() if claim.commit(held.get(key, ()), levels)]
    entries = [
        Entry(sku_id=line.sku_id, kind=EntryKind.COMMITTED, change=-line.quantity, source_id=claim.checkout_id)
        for claim in sold
        for line in held.get(claim.checkout_id, ())
    ]
    _store(work, sold, levels, entries)
    work.claims.close([claim.checkout_id for claim in sold], ClaimState.COMMITTED)
    _reply(work, deliveries, lambda command: _committed(claims[command.checkout_id]))
    _publish(work, (contract.StockCommitted(checkout_id=claim.checkout_id) for claim in sold))


def restock(work: Work, deliveries: Deliveries[contract.Restock]) -> None:
    """Restock the units of refunds, once per refund. A refusal is not stored, so a repeat is decided again."""
    work.claims.lock(command.checkout_id for command, _ in deliveries)
    levels = work.stock.lock({line.sku_id for command, _ in deliveries for line in command.lines})
    restocking = Restocking(levels, work.claims.left(command.checkout_id for command, _ in deliveries))
    requested = _not_restocked(work, deliveries)
    refused = {c.refund_id: restocking.take_back(c.checkout_id, _raw_lines(c)) for c in requested}
    fresh = [command for command in requested if not refused[command.refund_id]]
    entries = [entry for command in fresh for entry in _take_back(work, command)]
    work.stock.save(levels.values(), entries, work.now)
    work.claims.touch(command.checkout_id for command in fresh)
    _publish_available(work, levels, {line.sku_id for command in fresh for line in command.lines})
    _reply(work, deliveries, lambda command: _restocked(command, refused.get(command.refund_id)))
    _publish(work, map(_restocked, fresh))


def adjust_stock(work: Work, caller: Caller, requested: AdjustStock) -> answers.StockLevel:
    """Add units on hand or remove some, but never below the reserved ones.

    Raises SkuNotFound, Forbidden, ShopSuspended, StockUnchanged, BelowReserved, StockLimitExceeded.
    """
    shop_id = require_own_shop(caller, work.products.shop_of_sku(requested.sku_id), SkuNotFound())
    require_selling(work.shops.share(shop_id))
    if requested.change == 0:
        raise StockUnchanged
    changed = work.stock.lock([requested.sku_id])[requested.sku_id]
    operator_actions.watch(lambda: {"on_hand": changed.on_hand})
    changed.add(requested.change)
    work.stock.save([changed], [_adjustment(caller, requested)], work.now)
    _publish_available(work, {changed.sku_id: changed}, {changed.sku_id})
    if changed.fell_low:
        _publish_low(work, changed)
    return views.stock_level(changed)


def _requested(
    claims: Mapping[UUID, Claim], deliveries: Deliveries[contract.ReserveStock]
) -> dict[UUID, tuple[contract.ReserveStock, Envelope]]:
    """The first command of each undecided checkout, in the order in which they came."""
    requested: dict[UUID, tuple[contract.ReserveStock, Envelope]] = {}
    for command, envelope in deliveries:
        if claims[command.checkout_id].state is ClaimState.UNDECIDED:
            requested.setdefault(command.checkout_id, (command, envelope))
    return requested


def _holders(work: Work, commands: Iterable[contract.ReserveStock], levels: Levels) -> dict[UUID, Holder]:
    """The buyers with their reserved units of these SKUs, which cannot change while the levels are locked."""
    buyers = {command.buyer_id for command in commands if command.buyer_id}
    held = work.claims.held_by(buyers, levels) if buyers else {}
    return {buyer: Holder(limit=_hold_limit(), held=held.get(buyer, Counter())) for buyer in buyers}


def _hold_limit() -> HoldLimit:
    percent, least = settings.whole("STOCK_HOLD_PERCENT", 50), settings.whole("STOCK_HOLD_PIECES", 10)
    return HoldLimit(percent=percent, least=max(1, least))  # a single unit can always be bought


def _decide(
    claim: Claim, command: contract.ReserveStock, levels: Levels, holder: Holder | None, *, late: bool
) -> None:
    if late:
        claim.refuse(Reason.TOO_LATE)
    else:
        claim.reserve(_lines(command), levels, holder)


def _reserved(claim: Claim) -> Event:
    if claim.state in (ClaimState.RESERVED, ClaimState.COMMITTED):
        return contract.StockReserved(checkout_id=claim.checkout_id)
    # a released claim is refused as released, whatever was decided before
    reason = claim.reason if claim.state is ClaimState.REFUSED else None
    why = contract.StockRefusal(reason.value) if reason else contract.StockRefusal.RELEASED
    lines = tuple(_refused(shortage) for shortage in claim.shortages)
    sku_ids = tuple(line.sku_id for line in lines)
    return contract.StockRefused(checkout_id=claim.checkout_id, reason=why, sku_ids=sku_ids, lines=lines)


def _refused(of: Shortage) -> contract.RefusedLine:
    reason = contract.StockRefusal(of.reason.value)
    return contract.RefusedLine(sku_id=of.sku_id, wanted=of.wanted, available=of.available, reason=reason)


def _committed(claim: Claim) -> Event:
    if claim.state is ClaimState.COMMITTED:
        return contract.StockCommitted(checkout_id=claim.checkout_id)
    reason = contract.CommitRefusal.NOTHING_RESERVED
    return contract.StockCommitRefused(checkout_id=claim.checkout_id, reason=reason)


def _not_restocked(work: Work, deliveries: Deliveries[contract.Restock]) -> list[contract.Restock]:
    """The first command of each refund that is not restocked yet."""
    known = work.claims.restocked(command.refund_id for command, _ in deliveries)
    requested: dict[UUID, contract.Restock] = {}
    for command, _ in deliveries:
        if command.refund_id not in known:
            requested.setdefault(command.refund_id, command)
    return list(requested.values())


def _restocked(command: contract.Restock, refused: RestockReason | None = None) -> Event:
    if refused:
        reason = contract.RestockRefusal(refused.value)
        return contract.RestockRefused(refund_id=command.refund_id, order_id=command.order_id, reason=reason)
    return contract.StockRestocked(refund_id=command.refund_id, order_id=command.order_id)


def _held(work: Work, deliveries: Deliveries[Any]) -> tuple[dict[UUID, Claim], dict[UUID, list[Line]], Levels]:
    claims = work.claims.lock(command.checkout_id for command, _ in deliveries)
    held = work.claims.held(claims)
    return claims, held, work.stock.lock({line.sku_id for lines in held.values() for line in lines})


def _take_back(work: Work, command: contract.Restock) -> Iterable[Entry]:
    work.claims.restock(command.refund_id, command.order_id, work.now)
    for line in _lines(command):
        work.claims.take_back(command.checkout_id, line)
        yield Entry(
            sku_id=line.sku_id, kind=EntryKind.RESTOCKED, change=line.quantity, source_id=command.refund_id
        )


def _lines(command: contract.ReserveStock | contract.Restock) -> list[Line]:
    return merged(_raw_lines(command))


def _raw_lines(command: contract.ReserveStock | contract.Restock) -> list[Line]:
    return [Line(order_id=li.order_id, sku_id=li.sku_id, quantity=li.quantity) for li in command.lines]


def _adjustment(caller: Caller, requested: AdjustStock) -> Entry:
    return Entry(
        sku_id=requested.sku_id,
        kind=EntryKind.ADJUSTED,
        change=requested.change,
        cause=Cause(requested.cause),
        reason=requested.reason,
        actor_id=caller.user_id,
    )


def _store(work: Work, claims: Sequence[Claim], levels: Levels, entries: Sequence[Entry] = ()) -> None:
    work.claims.save(claims, work.now)
    work.stock.save(levels.values(), entries, work.now)
    for level in levels.values():
        if level.fell_low:
            _publish_low(work, level)


def _publish_available(work: Work, levels: Levels, sku_ids: Collection[UUID]) -> None:
    """Publish the new available units, some SKUs per event; the levels are locked, so the ids are in order."""
    ordered = sorted(set(sku_ids) & set(levels))
    for at in range(0, len(ordered), SKUS_AN_EVENT):
        part = tuple(ordered[at : at + SKUS_AN_EVENT])
        available = tuple(levels[sku_id].available for sku_id in part)
        work.publish(contract.AvailabilityChanged(change_id=new_id(), sku_ids=part, available=available))


def _publish_low(work: Work, level: Level) -> None:
    """Publish that few units are left for sale."""
    work.publish(
        contract.StockLow(
            sku_id=level.sku_id, product_id=level.product_id, shop_id=level.shop_id, available=level.available
        )
    )


def _reply(work: Work, deliveries: Deliveries[C], reply: Any) -> None:
    for command, envelope in deliveries:
        work.reply(reply(command), to=envelope.message_id)


def _publish(work: Work, events: Iterable[Event]) -> None:
    for event in events:
        work.publish(event)

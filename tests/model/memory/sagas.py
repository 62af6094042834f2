"""The rows of sagas and the queues for their locks, like `shared.sagas.store` and `locks`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from shared.sagas import Engine, Saga
from shared.sagas.instance import ENDED, Instance, Status
from tests.model.memory.rows import Rows


@dataclass(frozen=True)
class Found:
    """A saga's row."""

    name: str
    now: Instance

    @property
    def saga_id(self) -> UUID:
        return self.now.saga_id

    def instance(self, _saga: Saga) -> Instance:
        return self.now


class Store:
    """Functions like those of the module `shared.sagas.store`."""

    @staticmethod
    def add(rows: Rows, saga: Saga, new: Instance, _at: Any) -> UUID | None:
        if rows.get("saga_key", (saga.name, new.key)):
            return None
        rows.put("saga_key", (saga.name, new.key), new.saga_id)
        rows.put("saga", new.saga_id, Found(saga.name, new))
        return new.saga_id

    @staticmethod
    def add_new(rows: Rows, new: Iterable[tuple[Saga, Instance]], at: Any) -> None:
        for saga, one in new:
            assert Store.add(rows, saga, one, at), "a new saga has the key of another"

    @staticmethod
    def id_of(rows: Rows, saga: Saga, key: str) -> UUID | None:
        return rows.get("saga_key", (saga.name, key))

    @staticmethod
    def lock(rows: Rows, saga_ids: Collection[UUID]) -> list[Found]:
        return [found for saga_id in sorted(saga_ids) if (found := rows.get("saga", saga_id))]

    @staticmethod
    def lock_receivers(rows: Rows, receivers: Any) -> list[Found]:
        return [
            found
            for found in sorted(rows.all("saga"), key=lambda one: one.saga_id)
            if found.now.status not in ENDED
            and (
                found.now.awaiting in receivers.answers
                or (found.name, found.now.key) in receivers.keys
                or found.saga_id in receivers.woken
            )
        ]

    @staticmethod
    def save(rows: Rows, changed: Iterable[tuple[Instance, bool]], _at: Any) -> None:
        for one, _ in changed:
            rows.put("saga", one.saga_id, replace(rows.get("saga", one.saga_id), now=one))

    @staticmethod
    def append(rows: Rows, new: Iterable[dict[str, Any]]) -> None:
        for row in new:
            rows.put("transition", rows.database.next_position(), row)

    @staticmethod
    def history(rows: Rows, saga_id: UUID) -> list[Any]:
        return [row for row in rows.all("transition") if row["saga_id"] == saga_id]


class Queues:
    """Functions like those of the module `shared.sagas.locks`."""

    @staticmethod
    def take(rows: Rows, saga_id: UUID, resources: Iterable[str]) -> bool:
        wanted = set(resources)
        taken = {resource for _, resource, _ in rows.all("saga_lock")}
        for resource in sorted(wanted):
            position = rows.database.next_position()
            rows.put("saga_lock", position, (position, resource, saga_id))
        return not wanted & taken

    @staticmethod
    def hold(rows: Rows, saga_id: UUID, resources: Iterable[str]) -> None:
        assert Queues.take(rows, saga_id, resources), "another saga holds a resource of a new one"

    @staticmethod
    def free(rows: Rows, saga_ids: Collection[UUID]) -> list[UUID]:
        held = [lock for lock in rows.all("saga_lock") if lock[2] in saga_ids]
        for position, _, _ in held:
            rows.drop("saga_lock", position)
        freed, left = {resource for _, resource, _ in held}, rows.all("saga_lock")
        return sorted({lock[2] for lock in left if lock[1] in freed and _holds_all(rows, left, lock[2])})


def _holds_all(rows: Rows, left: list[tuple[int, str, UUID]], saga_id: UUID) -> bool:
    if rows.get("saga", saga_id).now.status is not Status.WAITING:
        return False
    mine = [(position, resource) for position, resource, holder in left if holder == saga_id]
    return not any(other[1] == resource and other[0] < position for position, resource in mine for other in left)


class MemoryEngine(Engine):
    """The real engine on these tables."""

    rows = Store
    queues = Queues

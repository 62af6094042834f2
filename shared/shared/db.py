"""The database of a service: `Work`, one transaction, and `Database`, which opens transactions under nameko."""

from typing import Any, Generic, TypeVar

from nameko.extensions import DependencyProvider

from shared.engine import engine
from shared.wake import wake_relay
from shared.work import OpenWork, Work

__all__ = ["Database", "OpenWork", "Work"]
W = TypeVar("W", bound=Work)


class Database(DependencyProvider, Generic[W]):
    """The service's database as a nameko dependency: `work = Database(Work)`, then `self.work()`."""

    def __init__(self, work_class: type[W]) -> None:
        super().__init__()
        self.work_class = work_class

    def setup(self) -> None:
        """Create the engine; it connects on first use, so that a service starts although its database is down."""
        self.open_work = self.standalone(self.container.service_name, self.work_class)

    def stop(self) -> None:
        self.open_work.engine.dispose()

    def get_dependency(self, worker_ctx: Any) -> OpenWork[W]:  # noqa: ARG002 - nameko's signature
        return self.open_work

    @staticmethod
    def standalone(service: str, work_class: type[W], url: str | None = None) -> OpenWork[W]:
        """Open transactions outside nameko: for commands, workers and tests."""
        return OpenWork(engine(service, url), work_class, wake=wake_relay)

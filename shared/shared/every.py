"""`@every(seconds=1)`: a method that runs again and again while the service runs."""

from nameko.extensions import Entrypoint


class Every(Entrypoint):
    """Calls the method, waits `seconds`, calls it again. Every process does; rows are claimed with SKIP LOCKED."""

    def __init__(self, *, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


every = Every.decorator

"""`@rpc`: a method that answers a question."""

from collections.abc import Iterable

from nameko.extensions import Entrypoint

from shared.auth import Role


class Rpc(Entrypoint):
    """Answers a request: the method is given `(caller, request)` and returns JSON, or raises a Refusal."""

    def __init__(self, allow: Role | Iterable[Role] = Role.ANYONE) -> None:
        super().__init__()
        self.allow = (allow,) if isinstance(allow, Role) else tuple(allow)


rpc = Rpc.decorator

"""The parts of a running sandbox."""

from dataclasses import dataclass

from starlette.requests import Request

from sandbox import keys as key_files
from sandbox.behaviour import Behaviour
from sandbox.courier import Courier
from sandbox.keys import Keys
from sandbox.mailbox import Mailbox
from sandbox.provider import Provider
from sandbox.settings import Settings
from sandbox.signing import Verifier
from sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Desk:
    """The parts of a sandbox; routes get it from `desk_of`."""

    settings: Settings
    keys: Keys
    store: Store
    courier: Courier
    provider: Provider
    verifier: Verifier
    behaviour: Behaviour
    mailbox: Mailbox


def set_up(settings: Settings) -> Desk:
    """Read the keys, open the store and create the parts."""
    keys, store = key_files.load(settings.keys_dir), Store(settings.state)
    courier = Courier(store, keys, settings)
    return Desk(
        settings=settings,
        keys=keys,
        store=store,
        courier=courier,
        provider=Provider(store, keys, settings, courier.wake),
        verifier=Verifier(keys),
        behaviour=Behaviour(),
        mailbox=Mailbox(settings.state),
    )


def desk_of(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk

"""The parts of a running sandbox."""

from dataclasses import dataclass

from starlette.requests import Request

from sandbox import keys as key_files
from sandbox.behaviour import Behaviour
from sandbox.keys import Keys
from sandbox.mailbox import Mailbox
from sandbox.notifier import Notifier
from sandbox.provider import Provider
from sandbox.settings import Settings
from sandbox.signing import Verifier
from sandbox.store import Store


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of a sandbox; routes get it from `parts_of`."""

    settings: Settings
    keys: Keys
    store: Store
    notifier: Notifier
    provider: Provider
    verifier: Verifier
    behaviour: Behaviour
    mailbox: Mailbox


def set_up(settings: Settings) -> Parts:
    """Read the keys, open the store and create the parts."""
    keys, store = key_files.load(settings.keys_dir), Store(settings.state)
    notifier = Notifier(store, keys, settings)
    return Parts(
        settings=settings,
        keys=keys,
        store=store,
        notifier=notifier,
        provider=Provider(store, keys, settings, notifier.wake),
        verifier=Verifier(keys),
        behaviour=Behaviour(),
        mailbox=Mailbox(settings.state),
    )


def parts_of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts

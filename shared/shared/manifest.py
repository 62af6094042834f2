"""The manifest of services and processes (`manifest.toml`), read and checked.

    manifest.get().service_names        the services, in the order of the file
    manifest.get().processes            all long-running processes
    manifest.read(text)                 parses another manifest, for tests

Each service has a process of its own name and a relay. Other processes are listed in the file: workers of a
service, the gateway, the auditor, the sandbox.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("manifest.toml")
OBSERVE_PORT = 8090  # in a container: health and metrics
SHARED = frozenset({"broker", "database", "token", "personal", "own"})


class Kind(StrEnum):
    """The kind of a process. A service answers requests and handles messages, a relay publishes its outbox."""

    SERVICE = "service"
    RELAY = "relay"
    WORKER = "worker"
    GATEWAY = "gateway"
    AUDITOR = "auditor"
    SANDBOX = "sandbox"


class BadManifest(ValueError):
    """The manifest contradicts itself."""


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A setting of a service or process: from a secret, or a value for each way of running the system.

    `local`: {gateway} and {sandbox} stand for their addresses, {sandbox_mail_port} for the SMTP port.
    `base` and `small`: deploy/k8s.
    """

    name: str
    secret: str | None = None
    local: str | None = None
    compose: str | None = None
    base: str | None = None
    small: str | None = None


@dataclass(frozen=True, kw_only=True)
class Process:
    """A long-running process.

    command     the module, then its arguments
    service     the service whose package, database and settings it uses
    needs       the groups of settings that it gets: `broker`, `database`, `token` (the public key of access
                tokens), `personal` (the keys of personal columns), `own` (the service's settings)
    settings    settings of this process only
    serves      the port for its clients in a container, if it has clients
    observes    the port of its health and metrics in a container
    replicas    the number of replicas of a worker in a cluster
    memory_mib  the memory limit of a worker
    background  it runs at a lower priority
    outside     it calls addresses outside the installation
    """

    name: str
    kind: Kind
    command: tuple[str, ...]
    about: str = ""
    service: str | None = None
    needs: frozenset[str] = frozenset()
    settings: tuple[Setting, ...] = ()
    serves: int | None = None
    observes: int = OBSERVE_PORT
    replicas: int = 1
    memory_mib: int = 512
    background: bool = False
    outside: bool = False

    @property
    def component(self) -> str:
        """Its name within its service: catalog-import is the `import` of catalog."""
        return self.name.removeprefix(f"{self.service}-") if self.kind is Kind.WORKER else self.kind.value

    @property
    def ports(self) -> tuple[str, ...]:
        """The names of the ports that it needs on one machine; the first is for its clients, if it has any."""
        names = [self.name]
        names += [self.observe_port] if self.observe_port != self.name else []
        extra = {Kind.RELAY: (f"{self.service}-wake",), Kind.SANDBOX: (f"{self.name}-mail",)}
        return (*names, *extra.get(self.kind, ()))

    @property
    def observe_port(self) -> str:
        """The name of the port for its health and metrics on one machine."""
        return self.name if self.serves in {None, self.observes} else f"{self.name}-observe"


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service: a package, a database, a process and a relay."""

    name: str
    settings: tuple[Setting, ...] = ()
    outside: bool = False

    @property
    def processes(self) -> tuple[Process, Process]:
        """The process of its name and its relay."""
        name = self.name
        return (
            Process(
                name=name,
                kind=Kind.SERVICE,
                command=("shared.run", name),
                service=name,
                needs=SHARED,
                settings=self.settings,
                outside=self.outside,
            ),
            Process(
                name=f"{name}-relay",
                kind=Kind.RELAY,
                command=("shared.relay", name),
                service=name,
                needs=frozenset({"broker", "database"}),
            ),
        )


@dataclass(frozen=True, kw_only=True)
class Switch:
    """A capability or provider that an operator can switch off; `en` and `zh` describe what it enables."""

    name: str
    service: str
    en: str
    zh: str


@dataclass(frozen=True)
class Manifest:
    """All services and processes, the secrets of an installation (name to file), and the switches."""

    services: tuple[Service, ...]
    others: tuple[Process, ...]
    secrets: Mapping[str, str] = field(default_factory=dict)
    switches: tuple[Switch, ...] = ()

    def __post_init__(self) -> None:
        if contradiction := next(self._contradictions(), None):
            raise BadManifest(contradiction)

    @property
    def service_names(self) -> tuple[str, ...]:
        """The names of the services."""
        return tuple(service.name for service in self.services)

    @property
    def processes(self) -> tuple[Process, ...]:
        """All long-running processes: the services' own processes first."""
        return (*(process for service in self.services for process in service.processes), *self.others)

    def process(self, name: str) -> Process:
        """The process of this name; raises KeyError."""
        return {process.name: process for process in self.processes}[name]

    def workers(self, service: str) -> tuple[Process, ...]:
        """The workers of a service."""
        return tuple(each for each in self.others if each.service == service)

    def settings(self, process: Process) -> tuple[Setting, ...]:
        """The settings of a process besides those that all processes have."""
        own = next((each.settings for each in self.services if each.name == process.service), ())
        given = own if "own" in process.needs and process.kind is Kind.WORKER else ()
        return (*given, *process.settings)

    def switches_of(self, service: str) -> dict[str, Switch]:
        """The switches that a service owns, by name."""
        return {switch.name: switch for switch in self.switches if switch.service == service}

    def _contradictions(self) -> Iterator[str]:
        names = [process.name for process in self.processes]
        yield from (f"two processes are named {name}" for name in set(names) if names.count(name) > 1)
        for process in self.processes:
            yield from self._of_process(process)
        for switch in self.switches:
            if switch.service not in self.service_names:
                yield f"the switch {switch.name} belongs to {switch.service}, which is not a service"

    def _of_process(self, process: Process) -> Iterator[str]:
        name = process.name
        if process.kind is Kind.WORKER and not (process.service and name.startswith(f"{process.service}-")):
            yield f"{name} is a worker, so it needs a service whose name begins its own"
        if process.service and process.service not in self.service_names:
            yield f"{name} belongs to {process.service}, which is not a service"
        if process.needs - SHARED:
            yield f"{name} needs {', '.join(sorted(process.needs - SHARED))}, which does not exist"
        for setting in process.settings:
            yield from self._of_setting(f"{name}: {setting.name}", setting)

    def _of_setting(self, name: str, setting: Setting) -> Iterator[str]:
        values = (setting.local, setting.compose, setting.base, setting.small)
        if setting.secret is None and None in values:
            yield f"{name} is not a secret, so it needs a value for local, compose, base and small"
        if setting.secret is not None and (any(values) or setting.secret not in self.secrets):
            yield f"{name} comes from the secret {setting.secret}, so that must be listed, and no other value set"


def read(text: str) -> Manifest:
    """Parse a manifest. Raises BadManifest."""
    tables = tomllib.loads(text)
    try:
        services = tuple(_service(name, **about) for name, about in tables["services"].items())
        others = tuple(_process(name, **about) for name, about in tables.get("processes", {}).items())
        switches = tuple(Switch(name=name, **about) for name, about in tables.get("switches", {}).items())
    except TypeError as unknown_key:
        raise BadManifest(str(unknown_key)) from None
    return Manifest(services, others, tables["secrets"], switches)


@cache
def get() -> Manifest:
    """The manifest of this version."""
    return read(FILE.read_text())


def _service(name: str, *, settings: Mapping[str, Any] | None = None, **about: Any) -> Service:
    return Service(name=name, settings=_settings(settings), **about)


def _process(name: str, *, settings: Mapping[str, Any] | None = None, **about: Any) -> Process:
    typed: dict[str, Any] = {
        "kind": Kind(about.pop("kind")),
        "command": tuple(about.pop("command")),
        "needs": frozenset(about.pop("needs", ())),
    }
    return Process(name=name, settings=_settings(settings), **typed, **about)


def _settings(settings: Mapping[str, Any] | None) -> tuple[Setting, ...]:
    return tuple(Setting(name=name, **about) for name, about in (settings or {}).items())

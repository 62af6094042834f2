"""The processes of the whole system with their settings and ports."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from local import secret_files
from local.ports import Ports
from local.supervisor import Process
from shared import manifest
from shared.manifest import Kind, Manifest, Setting

SERVICES = manifest.get().service_names
PORTS = tuple(port for process in manifest.get().processes for port in process.ports)

WEB = Path(__file__).resolve().parents[2] / "web" / "dist"  # the built pages
AUDITOR = "auditor@auditor.example"  # the account that the auditor signs in with


@dataclass(frozen=True)
class Site:
    """One installation: its folder, its databases by service, its vhost, its Redis database number.

    `caller_urls`: the vhost's URL for processes that only call services, by process (`local.broker_users`).
    """

    run_dir: Path
    databases: dict[str, str]
    amqp_url: str
    redis_url: str
    ports: Ports
    caller_urls: Mapping[str, str] = field(default_factory=dict)

    def amqp_url_of(self, process: str) -> str:
        """The broker's URL with the user of this process."""
        return self.caller_urls.get(process, self.amqp_url)

    @property
    def gateway_url(self) -> str:
        """The public address."""
        return f"http://127.0.0.1:{self.ports.get('gateway')}"

    @property
    def mailbox_url(self) -> str:
        """The address of the page with all mail of the system."""
        return f"{self.sandbox_url}/mails"

    @property
    def sandbox_url(self) -> str:
        """The address of the payment provider for tests."""
        return f"http://127.0.0.1:{self.ports.get('sandbox')}"


def processes(site: Site, listed: Manifest | None = None) -> list[Process]:
    """The processes of the manifest: this version's, unless another one is given."""
    listed = listed or manifest.get()
    return [_process(site, process, listed) for process in listed.processes]


def topology(site: Site) -> Process:
    """Declare every queue before anything is published."""
    return Process("topology", _python("shared.topology"), _shared_settings(site))


def auditor_account(site: Site) -> Process:
    """Create the auditor's account, if it does not exist."""
    environment = settings(site, "users") | auditor_settings(site)
    return Process("create-auditor", _python("users.create_auditor", AUDITOR), environment)


def settings(site: Site, service: str) -> dict[str, str]:
    """The environment of a service's own process."""
    return _of_service(site, manifest.get().process(service), manifest.get())


def auditor_settings(site: Site) -> dict[str, str]:
    """The environment of the auditor: broker, account and password."""
    password = secret_files.secret(site.run_dir, "auditor_password")
    return {
        "AMQP_URL": site.amqp_url_of("auditor"),
        "AUDITOR_EMAIL": AUDITOR,
        "AUDITOR_PASSWORD": password,
        "AUDIT_STATE": str(site.run_dir / "audit.sqlite"),
    }


def personal_keys_dir(site: Site) -> str:
    """The folder with the keys of personal columns."""
    return _secret(site, "personal")


def media(site: Site) -> Path:
    """The folder of pictures that the gateway serves."""
    return site.run_dir / "media"


def _process(site: Site, process: manifest.Process, listed: Manifest) -> Process:
    environment = ENVIRONMENTS.get(process.kind, _of_service)(site, process, listed)
    return Process(process.name, _python(*process.command), environment, site.ports.get(process.name))


def _of_service(site: Site, process: manifest.Process, listed: Manifest) -> dict[str, str]:
    """The environment of a service's own process, its relay or a worker of it."""
    service = str(process.service)
    shared = _shared_settings(site) if "broker" in process.needs else {}
    return {
        **shared,
        "DATABASE_URL": site.databases[service],
        "RELAY_WAKE_PORT": str(site.ports.get(f"{service}-wake")),
        "OBSERVE_PORT": str(site.ports.get(process.observe_port)),
        **({"PERSONAL_KEYS_DIR": personal_keys_dir(site)} if "personal" in process.needs else {}),
        **dict(_value(site, listed, setting) for setting in listed.settings(process)),
    }


def _value(site: Site, listed: Manifest, setting: Setting) -> tuple[str, str]:
    if setting.secret:
        return f"{setting.name}_FILE", _secret(site, listed.secrets[setting.secret])
    places = {
        "gateway": site.gateway_url,
        "sandbox": site.sandbox_url,
        "sandbox_mail_port": site.ports.get("sandbox-mail"),
    }
    return setting.name, str(setting.local).format_map(places)


def _gateway(site: Site, process: manifest.Process, _listed: Manifest) -> dict[str, str]:
    own = {
        "AMQP_URL": site.amqp_url_of("gateway"),
        "GATEWAY_PORT": str(site.ports.get("gateway")),
        "OBSERVE_PORT": str(site.ports.get(process.observe_port)),
        "MEDIA_DIR": str(media(site)),
        "PAYMENT_SANDBOX": site.sandbox_url,
        "WEB_DIR": str(WEB) if (WEB / "storefront" / "index.html").exists() else "",
    }
    return _shared_settings(site) | own


def _sandbox(site: Site, process: manifest.Process, _listed: Manifest) -> dict[str, str]:
    return {
        "SANDBOX_PORT": str(site.ports.get(process.name)),
        "SANDBOX_MAIL_PORT": str(site.ports.get(f"{process.name}-mail")),
        "SANDBOX_KEYS_DIR": str(site.run_dir / "secrets" / "wechat"),
        "SANDBOX_STATE": str(site.run_dir / "sandbox.sqlite"),
    }


def _auditor(site: Site, process: manifest.Process, _listed: Manifest) -> dict[str, str]:
    return auditor_settings(site) | {"OBSERVE_PORT": str(site.ports.get(process.observe_port))}


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _shared_settings(site: Site) -> dict[str, str]:
    return {
        "AMQP_URL": site.amqp_url,
        "REDIS_URL": site.redis_url,
        "TOKEN_PUBLIC_KEY_FILE": _secret(site, "token_public.pem"),
        # Everything is on loopback: without its own resolver eventlet is imported in half the time.
        "EVENTLET_NO_GREENDNS": "yes",
    }


def _secret(site: Site, name: str) -> str:
    return str(site.run_dir / "secrets" / name)


ENVIRONMENTS = {Kind.GATEWAY: _gateway, Kind.SANDBOX: _sandbox, Kind.AUDITOR: _auditor}

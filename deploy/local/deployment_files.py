"""Compose, the folders of deploy/k8s and the targets of Prometheus, from the manifest and deploy/templates.

What all services share is written by hand in deploy/k8s/base/service, and so are the folders of the gateway, the
auditor and the sandbox.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from local import monitoring
from shared.manifest import Manifest, Process, Service, Setting

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
MARK = "Made by `make docs` from shared/shared/manifest.toml and deploy/templates"
K8S = "deploy/k8s"
SECRETS = {"broker": "connections", "token": "token", "database": "database", "own": "own"}

_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    autoescape=False,  # noqa: S701 - YAML and JSON
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_templates.policies["json.dumps_kwargs"] = {"sort_keys": False}


def rendered(manifest: Manifest) -> dict[str, str]:
    """The files by their path in the project."""
    targets = monitoring.targets_in_containers(manifest)
    found = {
        "docker-compose.yml": _render("docker-compose.yml", manifest=manifest),
        "deploy/monitoring/targets.json": _render("targets.json", targets=targets),
        f"{K8S}/base/kustomization.yaml": _render("k8s/base.yaml", manifest=manifest),
        f"{K8S}/overlays/small/kustomization.yaml": _render("k8s/small.yaml", manifest=manifest),
    }
    for service in manifest.services:
        found |= _of_service(service, manifest.workers(service.name))
    return found


def _of_service(service: Service, workers: tuple[Process, ...]) -> dict[str, str]:
    """The folders of a service in the base and in the small overlay."""
    about = {"service": service, "workers": workers, "secrets": _secrets(service, workers)}
    base = f"{K8S}/base/{service.name}"
    return {
        f"{base}/kustomization.yaml": _render("k8s/base-service.yaml", **about),
        **{f"{base}/{worker.component}.yaml": _worker(worker) for worker in workers},
        f"{K8S}/overlays/small/{service.name}/kustomization.yaml": _render("k8s/small-service.yaml", **about),
    }


def _secrets(service: Service, workers: tuple[Process, ...]) -> Mapping[str, tuple[Setting, ...]]:
    """The secrets of a service besides its database: `own`, and one of each worker with separate settings."""
    of_each = {"own": service.settings, **{worker.component: worker.settings for worker in workers}}
    return {name: settings for name, settings in of_each.items() if settings}


def _worker(worker: Process) -> str:
    secrets = [secret for need, secret in SECRETS.items() if need in worker.needs]
    secrets += [worker.component] if worker.settings else []
    return _render("k8s/worker.yaml", worker=worker, secrets=secrets)


def _render(template: str, **values: Any) -> str:
    return _templates.get_template(template).render(generated=MARK, **values)

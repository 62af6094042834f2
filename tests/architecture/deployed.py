"""What the deployments are compared with: the processes of `make run`, the image, and the settings in the code."""

import re
import subprocess
from functools import cache
from pathlib import Path

import yaml
from opentelemetry.sdk import environment_variables

from local import keys, packages, system
from local.ports import Ports
from shared import manifest

ROOT = Path(__file__).parents[2]
RELAY = {"AMQP_URL", "DATABASE_URL", "OBSERVE_PORT", "RELAY_WAKE_PORT"}
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
# eventlet's own resolver is disabled where every address is numeric
ONLY_ON_LOOPBACK = {"EVENTLET_NO_GREENDNS"}
# only where a shopper's browser reaches the sandbox under its own address
ONLY_IN_A_DEMO = {"PAYMENT_SANDBOX"}
SET_IN_IMAGE = set(re.findall(r"\b([A-Z_]+)=", DOCKERFILE))


def local_processes(run_dir, listed=None):
    """The processes of `make run`, by name; of the given manifest, if any."""
    keys.make_keys(run_dir)
    databases = dict.fromkeys((listed or manifest.get()).service_names, "postgresql://")
    site = system.Site(run_dir, databases, "amqp://", "redis://", Ports(run_dir))
    return {process.name: process for process in system.processes(site, listed)}


def rendered_by_kustomize(folder):
    """All objects of a folder of deploy/k8s, by kind and name."""
    command = [packages.program("kubectl", "kubernetes-client"), "kustomize", str(folder)]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(text)}


def settings_of(environment):
    """The names of settings; each may also be given by a file."""
    return {name.removesuffix("_FILE") for name in environment}


def needed(processes):
    """The settings that each process needs. On one machine a relay has all settings of its service."""
    here = ONLY_ON_LOOPBACK | ONLY_IN_A_DEMO
    given = {name: settings_of(process.environment) - here for name, process in processes.items()}
    return {name: RELAY & each if name.endswith("-relay") else each for name, each in given.items()}


def is_read(setting):
    """Whether the setting is read, by the project's code or by OpenTelemetry's."""
    return hasattr(environment_variables, setting) or any(f'"{setting}"' in text for text in _code())


@cache
def _code():
    folders = [
        "shared/shared",
        "gateway/gateway",
        "deploy/sandbox",
        "services/auditor/auditor",
        *(f"services/{s}/{s}" for s in system.SERVICES),
    ]
    return [path.read_text() for folder in folders for path in (ROOT / folder).rglob("*.py")]

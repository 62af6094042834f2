"""docker-compose.yml and the Dockerfile: valid by schema, and the same system as `make run` starts."""

import importlib.resources
import importlib.util
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from local import system
from shared import manifest
from tests.architecture import deployed

ROOT, DOCKERFILE = deployed.ROOT, deployed.DOCKERFILE
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PERSONAL = "./.run/compose/secrets/personal"
SERVERS, SETUP = {"postgres", "redis", "rabbitmq", "prometheus", "grafana"}, {"make-secrets"}


def own(kind=None):
    """The containers that run our image: all, or those that stay (`process`), or those that end (`job`)."""
    ours = {name: told for name, told in COMPOSE["services"].items() if name not in SERVERS | SETUP}
    return {n: told for n, told in ours.items() if kind is None or (told["restart"] == "no") == (kind == "job")}


@pytest.fixture(scope="module")
def local_processes(tmp_path_factory):
    return deployed.local_processes(tmp_path_factory.mktemp("run"))


def test_the_file_fits_the_compose_specification():
    schemas = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_the_same_processes_run_as_on_one_machine(local_processes):
    commands = {name: list(process.command[2:]) for name, process in local_processes.items()}
    assert {name: told["command"] for name, told in own("process").items()} == commands


def test_each_process_is_told_what_it_is_told_on_one_machine(local_processes):
    for name, needed in deployed.needed(local_processes).items():
        assert needed <= deployed.settings_of(own()[name]["environment"]) | deployed.SET_IN_IMAGE, name


def test_every_setting_is_one_that_the_code_reads():
    for name, told in own().items():
        unread = [s for s in deployed.settings_of(told["environment"]) if not deployed.is_read(s)]
        assert unread == [], name


def test_databases_are_migrated_and_queues_declared_before_anything_starts():
    for service in system.SERVICES:
        assert own("job")[f"migrate-{service}"]["command"] == ["shared.migrate", service]
        for name in (service, f"{service}-relay"):
            before = own()[name]["depends_on"]
            assert set(before) == {"topology", f"migrate-{service}"}
            assert {each["condition"] for each in before.values()} == {"service_completed_successfully"}
    assert own("job")["topology"]["command"] == ["shared.topology"]


def mounted(told):
    """Where a container finds its secrets."""
    for each in told.get("secrets", ()):
        source = each if isinstance(each, str) else each["source"]
        target = source if isinstance(each, str) else each["target"]
        yield source, target if target.startswith("/") else f"/run/secrets/{target}"


def test_every_secret_file_is_mounted_where_it_is_looked_for():
    for name, told in own().items():
        files = {where for _, where in mounted(told)}
        wanted = {value for key, value in told["environment"].items() if key.endswith("_FILE")}
        assert wanted <= files, name


def test_who_migrates_or_reads_personal_data_has_the_folder_of_its_keys_and_nobody_else():
    listed = manifest.get()
    readers = {process.name for process in listed.processes if "personal" in process.needs}
    migrating = {f"migrate-{service}" for service in listed.service_names}
    mount = f"{PERSONAL}:/run/personal:ro"
    mounts = {name: told for name, told in own().items() if mount in told.get("volumes", ())}
    assert set(mounts) == readers | migrating | {"make-auditor"}
    assert {told["environment"]["PERSONAL_KEYS_DIR"] for told in mounts.values()} == {"/run/personal"}


def test_the_sandbox_finds_all_its_keys(local_processes):
    folder = Path(local_processes["sandbox"].environment["SANDBOX_KEYS_DIR"])
    assert {Path(where).name for _, where in mounted(own()["sandbox"])} == {p.name for p in folder.iterdir()}


def test_every_secret_is_made_used_and_nowhere_written_down(tmp_path):
    spec = importlib.util.spec_from_file_location("make_secrets", ROOT / "deploy" / "docker" / "make_secrets.py")
    make_secrets = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make_secrets)
    make_secrets.main(tmp_path)
    once = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    make_secrets.main(tmp_path)
    assert once == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    for name, secret in COMPOSE["secrets"].items():
        file = tmp_path / Path(secret["file"]).relative_to(".run/compose")
        assert file.stat().st_mode & 0o777 == 0o644, name
    assert {path.name for path in (tmp_path / "secrets" / "personal").iterdir()} == {"key-1", "index"}
    used = {source for told in COMPOSE["services"].values() for source, _ in mounted(told)}
    assert used == set(COMPOSE["secrets"])
    assert not re.search(r"://[^/\s]+:[^/\s]+@|BEGIN .*KEY", (ROOT / "docker-compose.yml").read_text())


def test_nothing_runs_as_root_or_writes_outside_its_volumes():
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.MULTILINE)
    for name, told in own().items():
        assert told["read_only"], name
        assert told["cap_drop"] == ["ALL"], name


def test_the_image_is_made_of_hashed_packages_and_of_what_is_there():
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()
    for line in re.findall(r"^(?:    )?(?:CMD|ENTRYPOINT) (.*)$", DOCKERFILE, re.MULTILINE):
        assert isinstance(json.loads(line), list)


def test_what_watches_comes_only_when_asked_for_and_finds_its_files():
    for name in ("prometheus", "grafana"):
        told = COMPOSE["services"][name]
        assert told["profiles"] == ["monitoring"]
        assert all(port.startswith("127.0.0.1:") for port in told["ports"])
        for volume in told["volumes"]:
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), source

"""docker-compose.yml and the Dockerfile: valid by their schema, with the same processes as `make run`."""

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
INSTRUCTIONS = re.compile(
    "(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR) "
)
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PERSONAL = "./.run/compose/secrets/personal"
SERVERS, SETUP = {"postgres", "redis", "rabbitmq", "prometheus", "grafana"}, {"make-secrets"}


def own(kind=None):
    """The containers of the project's image: all, the permanent ones (`process`), or those that end (`job`)."""
    ours = {name: given for name, given in COMPOSE["services"].items() if name not in SERVERS | SETUP}
    return {n: given for n, given in ours.items() if kind is None or (given["restart"] == "no") == (kind == "job")}


@pytest.fixture(scope="module")
def local_processes(tmp_path_factory):
    return deployed.local_processes(tmp_path_factory.mktemp("run"))


def test_the_file_is_valid_by_the_compose_specification():
    schemas = importlib.resources.files("check_jsonschema") / "builtin_schemas" / "vendor"
    schema = json.loads((schemas / "compose-spec.json").read_text())
    jsonschema.validators.validator_for(schema)(schema).validate(COMPOSE)


def test_every_line_of_the_dockerfile_is_an_instruction_a_comment_or_goes_on():
    lines = [line for line in DOCKERFILE.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    begun = [line for before, line in zip(["", *lines], lines, strict=False) if not before.endswith("\\")]
    assert [line for line in begun if not INSTRUCTIONS.match(line)] == []


def test_the_same_processes_run_as_on_one_machine(local_processes):
    commands = {name: list(process.command[2:]) for name, process in local_processes.items()}
    assert {name: given["command"] for name, given in own("process").items()} == commands


def test_each_process_has_the_settings_of_make_run(local_processes):
    for name, needed in deployed.needed(local_processes).items():
        assert needed <= deployed.settings_of(own()[name]["environment"]) | deployed.SET_IN_IMAGE, name


def test_every_setting_is_read_by_the_code():
    for name, given in own().items():
        unread = [s for s in deployed.settings_of(given["environment"]) if not deployed.is_read(s)]
        assert unread == [], name


def test_databases_are_migrated_and_queues_declared_before_any_process_starts():
    for service in system.SERVICES:
        assert own("job")[f"migrate-{service}"]["command"] == ["shared.migrate", service]
        for name in (service, f"{service}-relay"):
            before = own()[name]["depends_on"]
            assert set(before) == {"topology", f"migrate-{service}"}
            assert {each["condition"] for each in before.values()} == {"service_completed_successfully"}
    assert own("job")["topology"]["command"] == ["shared.topology"]


def mounted(given):
    """The secrets of a container, each with its path."""
    for each in given.get("secrets", ()):
        source = each if isinstance(each, str) else each["source"]
        target = source if isinstance(each, str) else each["target"]
        yield source, target if target.startswith("/") else f"/run/secrets/{target}"


def test_every_secret_file_is_mounted_where_it_is_read():
    for name, given in own().items():
        files = {where for _, where in mounted(given)}
        wanted = {value for key, value in given["environment"].items() if key.endswith("_FILE")}
        assert wanted <= files, name


def test_only_migrations_and_readers_of_personal_data_have_the_folder_of_its_keys():
    listed = manifest.get()
    readers = {process.name for process in listed.processes if "personal" in process.needs}
    migrating = {f"migrate-{service}" for service in listed.service_names}
    mount = f"{PERSONAL}:/run/personal:ro"
    mounts = {name: given for name, given in own().items() if mount in given.get("volumes", ())}
    assert set(mounts) == readers | migrating | {"make-auditor"}
    assert {given["environment"]["PERSONAL_KEYS_DIR"] for given in mounts.values()} == {"/run/personal"}


def test_the_sandbox_has_all_its_keys(local_processes):
    folder = Path(local_processes["sandbox"].environment["SANDBOX_KEYS_DIR"])
    assert {Path(where).name for _, where in mounted(own()["sandbox"])} == {p.name for p in folder.iterdir()}


def test_every_secret_is_made_and_used_and_none_is_in_the_file(tmp_path):
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
    used = {source for given in COMPOSE["services"].values() for source, _ in mounted(given)}
    assert used == set(COMPOSE["secrets"])
    assert not re.search(r"://[^/\s]+:[^/\s]+@|BEGIN .*KEY", (ROOT / "docker-compose.yml").read_text())


def test_no_container_runs_as_root_or_writes_outside_its_volumes():
    assert re.search(r"^USER [1-9]\d*$", DOCKERFILE, re.MULTILINE)
    for name, given in own().items():
        assert given["read_only"], name
        assert given["cap_drop"] == ["ALL"], name


def test_the_image_has_hashed_packages_and_existing_files():
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    for source in re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists()
    for line in re.findall(r"^(?:    )?(?:CMD|ENTRYPOINT) (.*)$", DOCKERFILE, re.MULTILINE):
        assert isinstance(json.loads(line), list)


def test_monitoring_is_optional_and_has_its_files():
    for name in ("prometheus", "grafana"):
        given = COMPOSE["services"][name]
        assert given["profiles"] == ["monitoring"]
        assert all(port.startswith("127.0.0.1:") for port in given["ports"])
        for volume in given["volumes"]:
            source = volume.partition(":")[0]
            assert source in COMPOSE["volumes"] or (ROOT / source).exists(), source

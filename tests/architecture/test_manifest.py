"""A process or a service in the manifest is in all generated files; no other list needs an entry."""

import shutil

import pytest
import yaml

from local import broker_users, deployment_files, monitoring, package_lists, ports
from shared import contracts, manifest
from tests.architecture import deployed

JOBS = """
[processes.marketing-jobs]
kind = "worker"
service = "marketing"
about = "Computes segments and campaigns."
command = ["marketing.jobs", "--all"]
needs = ["broker", "database", "own"]
replicas = 2
memory_mib = 700

[processes.marketing-jobs.settings]
MAIL_KEY = {secret = "apiv3_key"}
SEGMENTS_AT = {local = "03:00", compose = "04:00", base = "05:00", small = "06:00"}
"""
REVIEWS = """
[services.reviews.settings]
REVIEW_KEY = {secret = "quote_private"}
"""


def with_entry(entry):
    return manifest.read(manifest.FILE.read_text() + entry)


@pytest.fixture(scope="module")
def jobs():
    """The manifest with an additional process."""
    return with_entry(JOBS)


@pytest.fixture(scope="module")
def reviews():
    """The manifest with an additional service."""
    return with_entry(REVIEWS)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The objects of a folder of deploy/k8s, rendered from a manifest."""

    def render(listed, folder):
        root = tmp_path_factory.mktemp("k8s")
        shutil.copytree(deployed.ROOT / "deploy" / "k8s", root / "deploy" / "k8s")
        for path, text in deployment_files.rendered(listed).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        return deployed.rendered_by_kustomize(root / "deploy" / "k8s" / folder)

    return render


def compose(listed):
    return yaml.safe_load(deployment_files.rendered(listed)["docker-compose.yml"])


def test_an_additional_process_runs_on_one_machine(jobs, tmp_path):
    process = deployed.local_processes(tmp_path, jobs)["marketing-jobs"]
    assert process.command[1:] == ("-m", "marketing.jobs", "--all")
    assert process.port == ports.Ports(tmp_path).get("marketing-jobs") == int(process.environment["OBSERVE_PORT"])
    assert {"AMQP_URL", "DATABASE_URL", "QUOTE_PRIVATE_KEY_FILE"} <= set(process.environment)
    assert process.environment["MAIL_KEY_FILE"] == str(tmp_path / "secrets" / "wechat" / "apiv3_key")
    assert process.environment["SEGMENTS_AT"] == "03:00"


def test_an_additional_process_has_a_container(jobs):
    container = compose(jobs)["services"]["marketing-jobs"]
    assert container["command"] == ["marketing.jobs", "--all"]
    assert set(container["depends_on"]) == {"topology", "migrate-marketing"}
    assert container["environment"]["MAIL_KEY_FILE"] == "/run/secrets/apiv3_key"
    assert container["environment"]["SEGMENTS_AT"] == "04:00"
    assert {"apiv3_key", "quote_private"} <= {each for each in container["secrets"] if isinstance(each, str)}
    assert container["mem_limit"] == "700m"


@pytest.mark.parametrize(("folder", "at"), [("base", "05:00"), ("overlays/small", "06:00")])
def test_an_additional_process_is_deployed_in_a_cluster(jobs, cluster, folder, at):
    found = cluster(jobs, folder)
    deployment = found["Deployment", "marketing-jobs"]
    pod = deployment["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert deployment["spec"]["replicas"] == 2
    assert container["args"] == ["marketing.jobs", "--all"]
    assert [init["args"][0] for init in pod["initContainers"]] == ["shared.migrate", "shared.topology"]
    assert container["resources"]["limits"]["memory"] == "700Mi"
    names = [source["secretRef"]["name"] for source in container["envFrom"] if "secretRef" in source]
    values = {name: value for each in names for name, value in found["Secret", each]["data"].items()}
    assert {"AMQP_URL", "DATABASE_URL", "QUOTE_PRIVATE_KEY", "MAIL_KEY", "SEGMENTS_AT"} <= set(values)
    assert yaml.safe_load(f"!!binary {values['SEGMENTS_AT']}") == at.encode()


def test_an_additional_process_is_scraped_with_the_name_of_its_service(jobs):
    target = {"targets": ["marketing-jobs:8090"], "labels": {"process": "marketing-jobs", "service": "marketing"}}
    assert target in monitoring.targets_in_containers(jobs)
    assert '["marketing-jobs:8090"]' in deployment_files.rendered(jobs)["deploy/monitoring/targets.json"]


def test_an_additional_service_runs_on_one_machine(reviews, tmp_path):
    found = deployed.local_processes(tmp_path, reviews)
    assert found["reviews"].command[2:] == ("shared.run", "reviews")
    assert found["reviews-relay"].command[2:] == ("shared.relay", "reviews")
    assert "REVIEW_KEY_FILE" in found["reviews"].environment
    assert "REVIEW_KEY_FILE" not in found["reviews-relay"].environment


def test_an_additional_service_has_containers_a_database_and_its_migration(reviews):
    document = compose(reviews)
    assert {"reviews", "reviews-relay", "migrate-reviews"} <= set(document["services"])
    assert document["services"]["migrate-reviews"]["command"] == ["shared.migrate", "reviews"]
    assert "database_url_reviews" in document["secrets"]


def test_an_additional_service_is_deployed_in_a_cluster(reviews, cluster):
    found = cluster(reviews, "overlays/small")
    assert {name for kind, name in found if kind == "Deployment"} >= {"reviews-service", "reviews-relay"}
    keys = [each["data"] for (_, name), each in found.items() if name.startswith("reviews-own")]
    assert [list(key) for key in keys] == [["REVIEW_KEY"]]


def test_an_additional_service_is_in_every_list_of_the_linters(reviews):
    text = (deployed.ROOT / "pyproject.toml").read_text()
    assert package_lists.filled(text, manifest.get().service_names) == text
    lists = text.count("# each service: ")
    assert lists
    filled = package_lists.filled(text, reviews.service_names)
    assert sum("reviews" in line for line in filled.splitlines()) >= lists
    assert package_lists.filled(filled, reviews.service_names) == filled


def test_a_list_keeps_its_other_entries():
    text = 'modules = ["shared", "a", "b.own"]  # each service: {}\n'
    filled = package_lists.filled(text, ["a", "b"])
    assert filled == 'modules = ["shared", "a", "b", "b.own"]  # each service: {}\n'


def test_callers_may_call_every_service_and_nothing_else():
    services = broker_users.METHOD.partition("(")[2].partition(")")[0].split("|")
    assert sorted(manifest.get().service_names) == services


@pytest.mark.parametrize("service", manifest.get().service_names)
def test_a_service_of_the_manifest_has_its_code_its_contract_and_its_page(service):
    for path in (f"{service}/service.py", "migrations", "README.md"):
        assert (deployed.ROOT / "services" / service / path).exists(), path
    assert service in contracts.__all__


def test_no_deployment_file_belongs_to_an_unlisted_process():
    made = {
        str(path.relative_to(deployed.ROOT))
        for path in (deployed.ROOT / "deploy" / "k8s").rglob("*.yaml")
        if deployment_files.MARK in path.read_text()
    }
    assert made == {path for path in deployment_files.rendered(manifest.get()) if path.startswith("deploy/k8s")}

"""deploy/k8s renders with kubectl, is valid by the schemas of Kubernetes, and runs the processes of `make run`."""

import kubernetes_validate
import pytest
import yaml

from shared import manifest
from tests.architecture import deployed

K8S = deployed.ROOT / "deploy" / "k8s"
# Fields that kustomize 2.0 to 5 support; kubectl 1.20 and current versions contain these.
KUSTOMIZE = {"bases", "resources", "namespace", "namePrefix", "commonLabels", "images"}
KUSTOMIZE |= {"configMapGenerator", "secretGenerator", "generatorOptions"}
SCHEMAS = ["1.25", kubernetes_validate.latest_version()]


@pytest.fixture(scope="module", params=["base", "overlays/small"])
def cluster(request):
    return deployed.rendered_by_kustomize(K8S / request.param)


@pytest.fixture(scope="module")
def local_processes(tmp_path_factory):
    return deployed.local_processes(tmp_path_factory.mktemp("run"))


def of_kind(cluster, kind):
    return {name: each for (found, name), each in cluster.items() if found == kind}


def labels(deployment):
    return deployment["spec"]["template"]["metadata"]["labels"]


def pod(deployment):
    return deployment["spec"]["template"]["spec"]


def process(deployment):
    (container,) = pod(deployment)["containers"]
    return container


def substituted(deployment, text):
    """The text with $(SERVICE) replaced by the pod's value."""
    return text.replace("$(SERVICE)", labels(deployment)["app.kubernetes.io/name"])


def known_as(deployment_name):
    """The name of the process in `make run`."""
    return deployment_name.removesuffix("-service")


def environment(cluster, container):
    """The names in a container's environment; the objects that it refers to have to exist."""
    names = {each["name"] for each in container.get("env", ())} - {"SERVICE"}
    for source in container.get("envFrom", ()):
        kind, reference = ("ConfigMap", "configMapRef") if "configMapRef" in source else ("Secret", "secretRef")
        if not source[reference].get("optional") or (kind, source[reference]["name"]) in cluster:
            names |= set(cluster[kind, source[reference]["name"]]["data"])
    return names


@pytest.mark.parametrize("version", SCHEMAS)
def test_every_object_is_valid_by_the_schema_of_its_kind(cluster, version):
    for each in cluster.values():
        kubernetes_validate.validate(each, version, strict=True)


def test_the_same_processes_run_as_on_one_machine(cluster, local_processes):
    here = {
        known_as(name): [substituted(each, word) for word in process(each)["args"]]
        for name, each in of_kind(cluster, "Deployment").items()
    }
    there = {name: list(each.command[2:]) for name, each in local_processes.items()}
    assert here == {name: there[name] for name in there if name != "sandbox" or "sandbox" in here}


def test_only_the_small_overlay_has_the_sandbox(cluster):
    assert (("Deployment", "sandbox") in cluster) == (("Namespace", "jishi") in cluster)


def test_each_process_has_the_settings_of_make_run(cluster, local_processes):
    needed = deployed.needed(local_processes)
    for name, each in of_kind(cluster, "Deployment").items():
        assert needed[known_as(name)] <= environment(cluster, process(each)) | deployed.SET_IN_IMAGE, name


def test_every_setting_is_read_by_the_code(cluster):
    for name, each in of_kind(cluster, "Deployment").items():
        assert [s for s in environment(cluster, process(each)) if not deployed.is_read(s)] == [], name


def test_databases_are_migrated_and_queues_declared_before_any_process_starts(cluster):
    first = {
        name: [substituted(each, word) for init in pod(each).get("initContainers", ()) for word in init["args"]]
        for name, each in of_kind(cluster, "Deployment").items()
    }
    for service in deployed.system.SERVICES:
        assert first[f"{service}-service"] == ["shared.migrate", service]
        assert first[f"{service}-relay"] == ["shared.topology"]


def test_migrations_and_readers_of_personal_data_have_its_keys(cluster):
    readers = {process.name for process in manifest.get().processes if "personal" in process.needs}
    folder = cluster["ConfigMap", "settings"]["data"]["PERSONAL_KEYS_DIR"]
    for name, each in of_kind(cluster, "Deployment").items():
        found = [init for init in pod(each).get("initContainers", ()) if init["args"][0] == "shared.migrate"]
        found += [process(each)] if known_as(name) in readers else []
        secrets = {volume["name"]: volume.get("secret") for volume in pod(each).get("volumes", ())}
        for container in found:
            mounts = {mount["mountPath"]: secrets[mount["name"]] for mount in container["volumeMounts"]}
            assert mounts[folder] == {"secretName": "personal"}, name


def test_a_service_has_the_address_that_wakes_its_relay(cluster):
    for service in deployed.system.SERVICES:
        deployment = cluster["Deployment", f"{service}-service"]
        (where,) = [e["value"] for e in process(deployment)["env"] if e["name"] == "RELAY_WAKE_HOST"]
        (port,) = cluster["Service", substituted(deployment, where)]["spec"]["ports"]
        assert port["protocol"] == "UDP"
        assert str(port["port"]) == cluster["ConfigMap", "settings"]["data"]["RELAY_WAKE_PORT"]


def selected(cluster, selector):
    return [n for n, each in of_kind(cluster, "Deployment").items() if selector.items() <= labels(each).items()]


def test_every_selector_matches_one_deployment_and_its_ports(cluster):
    for name, each in of_kind(cluster, "Deployment").items():
        assert selected(cluster, each["spec"]["selector"]["matchLabels"]) == [name]
    for each in of_kind(cluster, "PodDisruptionBudget").values():
        assert len(selected(cluster, each["spec"]["selector"]["matchLabels"])) == 1
    for each in of_kind(cluster, "Service").values():
        (found,) = selected(cluster, each["spec"]["selector"])
        open_ports = {p["name"]: p.get("protocol", "TCP") for p in process(cluster["Deployment", found])["ports"]}
        for port in each["spec"]["ports"]:
            assert open_ports[port["targetPort"]] == port.get("protocol", "TCP")


def test_every_process_has_liveness_and_readiness_probes(cluster):
    for name, each in of_kind(cluster, "Deployment").items():
        container = process(each)
        probes = {probe: container[probe]["httpGet"] for probe in ("livenessProbe", "readinessProbe")}
        assert [probe["path"] for probe in probes.values()] == ["/health/live", "/health/ready"], name
        (port,) = {probe["port"] for probe in probes.values()}
        served = 8080 if known_as(name) in {"gateway", "sandbox"} else 8090
        assert {p["name"]: p["containerPort"] for p in container["ports"]}[port] == served, name


def test_metrics_are_on_a_port_of_no_service(cluster):
    for name, each in of_kind(cluster, "Deployment").items():
        if name != "sandbox":
            scraped = each["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"]
            assert {str(p["containerPort"]): p["name"] for p in process(each)["ports"]}[scraped] == "observe", name
    for name, each in of_kind(cluster, "Service").items():
        assert "observe" not in {port["targetPort"] for port in each["spec"]["ports"]}, name


def test_every_process_has_time_to_stop_and_minimal_rights(cluster):
    for name, each in of_kind(cluster, "Deployment").items():
        assert pod(each)["terminationGracePeriodSeconds"] >= 30, name
        assert pod(each)["securityContext"]["runAsNonRoot"], name
        assert not pod(each)["enableServiceLinks"], name
        for container in (*pod(each).get("initContainers", ()), process(each)):
            assert container["securityContext"]["readOnlyRootFilesystem"], name
            assert container["securityContext"]["capabilities"] == {"drop": ["ALL"]}, name
            assert {"requests", "limits"} <= set(container["resources"]), name


def test_old_and_new_kustomize_support_every_field():
    for file in K8S.rglob("kustomization.yaml"):
        assert set(yaml.safe_load(file.read_text())) <= KUSTOMIZE, file


def test_no_key_and_no_password_is_in_the_files(cluster):
    plain = {
        setting.name for service in manifest.get().services for setting in service.settings if not setting.secret
    }
    for each in of_kind(cluster, "Secret").values():
        for name, value in each["data"].items():
            known = {"", "Y2hhbmdlLW1l"}  # nothing, change-me
            assert value in known or name in plain or name.endswith("_URL"), name

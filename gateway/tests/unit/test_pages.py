import json
import re

import pytest
from jsonschema import Draft202012Validator

from gateway import openapi
from gateway.route import PARAMETER, PREFIX
from gateway.routes import ROUTES


def test_pictures_are_served_from_their_folder_and_run_no_script(api, config):
    (config.media_dir / "chair.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    answer = api.get("/media/chair.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert api.get("/media/chair.svg", headers={"If-None-Match": answer.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    "path",
    ["../secret", "..%2fsecret", "%2e%2e/secret", "....//secret", "%00", "a" * 300, "", "/etc/passwd", "link"],
)
def test_no_file_outside_of_the_media_folder_is_served(api, config, path):
    (config.media_dir.parent / "secret").write_text("secret")
    (config.media_dir / "link").symlink_to(config.media_dir.parent / "secret")
    assert api.get(f"/media/{path}").status_code == 404


def test_health_is_public_and_metrics_are_not(api):
    assert api.get("/health/live").json() == {"status": "alive"}
    assert api.get("/health/ready").json() == {"status": "ready", "failing": []}
    assert api.get("/metrics").status_code == 404


def test_the_api_document_describes_every_route(api):
    document = api.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    described = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}
    served = {(r.method, PREFIX + PARAMETER.sub(r"{\1}", r.path)) for r in ROUTES}
    assert described == served
    assert len(ROUTES) == len(served)


def test_the_schemas_of_the_document_are_json_schema_and_all_references_resolve():
    document = openapi.document(ROUTES)
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    names = {f"#/components/{kind}/{name}" for kind, all_ in document["components"].items() for name in all_}
    text = json.dumps(document)
    assert {part.split('"')[0] for part in text.split('"$ref": "')[1:]} <= names


def test_operation_ids_are_unique():
    names = [o["operationId"] for methods in openapi.document(ROUTES)["paths"].values() for o in methods.values()]
    assert sorted(names) == sorted(set(names))


def test_the_reading_page_loads_everything_from_the_gateway(api):
    page = api.get("/docs")
    named = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {api.get(path).status_code for path in named} == {200}
    assert all(path.startswith("/") for path in named)
    assert "SwaggerUIBundle" in api.get("/docs/assets/swagger-ui-bundle.js").text
    assert '"/openapi.json"' in api.get("/docs/assets/start.js").text
    assert "default-src 'none'" in page.headers["content-security-policy"]


@pytest.mark.parametrize("name", ["swagger-ui.js", "..%2f__init__.py", "%00"])
def test_other_files_of_the_reading_pages_package_are_not_served(api, name):
    assert api.get(f"/docs/assets/{name}").status_code == 404


def test_the_front_page_redirects_to_the_reading_page_regardless_of_the_host_header(api):
    answer = api.get("/", headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/docs")

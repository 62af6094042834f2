"""Whatever is sent, allowed by the API document or not: no 5xx, and no undocumented response."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway import openapi
from gateway.routes import ROUTES
from tests.e2e.people import User

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="session")
def token(shop_system, demo_accounts):
    """The token of an operator, who may send all requests of shoppers and merchants."""
    known = next(p for p in demo_accounts if p.role == "operator")
    return User(shop_system.url).signs_in(known.email, known.password).tokens["access_token"]


schema = schemathesis.openapi.from_dict(openapi.document(ROUTES))  # served by the gateway at /openapi.json


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_request_gets_a_documented_response(case, shop_system, token):
    headers = {"Authorization": f"Bearer {token}"}
    case.call_and_validate(base_url=shop_system.url, headers=headers, checks=CHECKS, timeout=30)

"""Whatever a stranger sends, as far as the API document allows it or not: no 5xx, and no undocumented answer."""

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
from tests.e2e.people import Person

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="session")
def everybody(shop_system, cast):
    """Tokens of an operator, who may ask everything a shopper or merchant may."""
    known = next(p for p in cast if p.role == "operator")
    return Person(shop_system.url).signs_in(known.email, known.password).tokens["access_token"]


schema = schemathesis.openapi.from_dict(openapi.document(ROUTES))  # what the gateway serves at /openapi.json


@schema.parametrize()
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_gets_a_documented_answer(case, shop_system, everybody):
    headers = {"Authorization": f"Bearer {everybody}"}
    case.call_and_validate(base_url=shop_system.url, headers=headers, checks=CHECKS, timeout=30)

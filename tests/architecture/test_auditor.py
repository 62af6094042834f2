"""The auditor queries every service that offers audit queries; its lists of services are checked here."""

import pytest

import auditor.privacy
import auditor.sagas
from shared import manifest
from shared.personal.audited import ErasesPersons
from shared.sagas.audited import AuditedSagas
from shared.topology import service_class


@pytest.mark.parametrize(
    ("requested", "queries"), [(auditor.sagas.SERVICES, AuditedSagas), (auditor.privacy.SERVICES, ErasesPersons)]
)
def test_the_auditor_queries_every_service_with_audit_queries(requested, queries):
    offering = {name for name in manifest.get().service_names if issubclass(service_class(name), queries)}
    assert set(requested) == offering
    assert len(requested) == len(offering)


@pytest.mark.parametrize("name", manifest.get().service_names)
def test_a_service_with_sagas_or_personal_data_offers_the_audit_queries(name):
    service = service_class(name)
    assert hasattr(service, "sagas") == issubclass(service, AuditedSagas)
    assert hasattr(service, "eraser") == issubclass(service, ErasesPersons)

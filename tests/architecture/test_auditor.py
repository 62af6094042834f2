"""The auditor asks every service with a door. It imports none, so its lists are held against the doors here."""

import pytest

import auditor.privacy
import auditor.sagas
from shared import manifest
from shared.personal.audited import ErasesPersons
from shared.sagas.audited import AuditedSagas
from shared.topology import service_class


@pytest.mark.parametrize(
    ("requested", "door"), [(auditor.sagas.SERVICES, AuditedSagas), (auditor.privacy.SERVICES, ErasesPersons)]
)
def test_every_service_with_a_door_of_the_auditors_is_asked_by_it(requested, door):
    with_door = {name for name in manifest.get().service_names if issubclass(service_class(name), door)}
    assert set(requested) == with_door
    assert len(requested) == len(with_door)


@pytest.mark.parametrize("name", manifest.get().service_names)
def test_a_service_with_sagas_or_personal_data_has_the_door(name):
    service = service_class(name)
    assert hasattr(service, "sagas") == issubclass(service, AuditedSagas)
    assert hasattr(service, "eraser") == issubclass(service, ErasesPersons)

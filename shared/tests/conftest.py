"""The tests run the delivery core with `tally`, a small example service, on real servers."""

import os
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

EXAMPLE = str(Path(__file__).parent / "example")
sys.path.insert(0, EXAMPLE)
os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [EXAMPLE, os.environ.get("PYTHONPATH")]))

from tally.work import Work  # noqa: E402

from shared.testing import service_fixtures  # noqa: E402

database_url, open_work = service_fixtures("tally", Work)


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Settings with a key pair for access tokens."""
    folder, key = tmp_path_factory.mktemp("keys"), Ed25519PrivateKey.generate()
    (folder / "private").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (folder / "public").write_bytes(public)
    return {
        "TOKEN_PRIVATE_KEY_FILE": str(folder / "private"),
        "TOKEN_PUBLIC_KEY_FILE": str(folder / "public"),
    }

"""The keys of both sides: what the merchant and the provider know of each other.

`python -m sandbox.keys FOLDER` makes a set for a new installation.
"""

import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)


@dataclass(frozen=True)
class Keys:
    """The provider's side: its own private key, the merchant's public one, and the secret they share."""

    mchid: str
    appid: str
    merchant_serial: str
    merchant_public: RSAPublicKey
    provider_key_id: str
    provider_private: RSAPrivateKey
    apiv3_key: bytes


def load(folder: Path) -> Keys:
    """Read the provider's side from `folder`; a missing file raises FileNotFoundError."""

    def word(name: str) -> str:
        return (folder / name).read_text().strip()

    provider_private = load_pem_private_key((folder / "provider_private.pem").read_bytes(), password=None)
    merchant_public = load_pem_public_key((folder / "merchant_public.pem").read_bytes())
    if not isinstance(provider_private, RSAPrivateKey) or not isinstance(merchant_public, RSAPublicKey):
        raise TypeError("WeChat Pay API v3 signs with RSA keys only")
    return Keys(
        mchid=word("mchid"),
        appid=word("appid"),
        merchant_serial=word("merchant_serial"),
        merchant_public=merchant_public,
        provider_key_id=word("provider_key_id"),
        provider_private=provider_private,
        apiv3_key=word("apiv3_key").encode(),
    )


def make(folder: Path) -> None:
    """Write the keys of both sides into `folder`, readable by their owner only. A complete set stays as it is."""
    if (folder / "mchid").exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for side in ("merchant", "provider"):
        key = generate_private_key(public_exponent=65537, key_size=2048)
        _write(folder / f"{side}_private.pem", _private_pem(key))
        _write(folder / f"{side}_public.pem", _public_pem(key))
    _write(folder / "merchant_serial", secrets.token_hex(20).upper().encode())
    _write(folder / "provider_key_id", f"PUB_KEY_ID_{secrets.randbelow(10**28):028}".encode())
    _write(folder / "apiv3_key", secrets.token_hex(16).encode())  # 32 characters: the bytes of an AES-256 key
    _write(folder / "appid", f"wx{secrets.token_hex(8)}".encode())
    _write(folder / "mchid", b"1900000109")  # last, so that its presence says that the set is complete


def _private_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public_pem(key: RSAPrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)


if __name__ == "__main__":
    make(Path(sys.argv[1]))

"""The provider's keys: its own, and those of the merchant that it knows. `local.keys` makes them."""

from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)

from shared import settings


@dataclass(frozen=True)
class Keys:
    """The provider's private key, the merchant's public key, and the secret they share."""

    mchid: str
    appid: str
    merchant_serial: str
    merchant_public: RSAPublicKey
    provider_key_id: str
    provider_private: RSAPrivateKey
    apiv3_key: bytes


def load(folder: Path) -> Keys:
    """Read the keys from the files in `folder`; a missing one raises FileNotFoundError."""

    def content(name: str) -> str:
        return (folder / name).read_text().strip()

    provider_private = load_pem_private_key((folder / "provider_private.pem").read_bytes(), password=None)
    merchant_public = load_pem_public_key((folder / "merchant_public.pem").read_bytes())
    if not isinstance(provider_private, RSAPrivateKey) or not isinstance(merchant_public, RSAPublicKey):
        raise TypeError("WeChat Pay API v3 signs with RSA keys only")
    return Keys(
        mchid=content("mchid"),
        appid=content("appid"),
        merchant_serial=content("merchant_serial"),
        merchant_public=merchant_public,
        provider_key_id=content("provider_key_id"),
        provider_private=provider_private,
        apiv3_key=settings.strong("apiv3_key", content("apiv3_key").encode()),
    )

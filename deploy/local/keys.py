"""Key pairs of one installation, made at its first run.

The sandbox's folder holds the provider's half of WeChat Pay's public-key mode and the merchant's public
key; the merchant's private key stays outside, as it would with the real provider.
"""

import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from local import secret_files

PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def make_keys(run_dir: Path) -> None:
    """Make whatever key this installation lacks; keys that are there stay as they are."""
    folder = run_dir / "secrets"
    for name in ("token", "quote"):
        if not (folder / f"{name}_private.pem").exists():
            _store(
                ed25519.Ed25519PrivateKey.generate(), folder / f"{name}_private.pem", folder / f"{name}_public.pem"
            )
    secret_files.secret(run_dir, "carrier_secret")
    if not (folder / "wechat" / "appid").exists():
        _make_wechat(folder)


def _make_wechat(folder: Path) -> None:
    provider = folder / "wechat"
    _store(_rsa(), folder / "wechat_merchant_private.pem", provider / "merchant_public.pem")
    _store(_rsa(), provider / "provider_private.pem", provider / "provider_public.pem")
    for name, value in {
        "merchant_serial": secrets.token_hex(20).upper(),
        "provider_key_id": f"PUB_KEY_ID_{secrets.randbelow(10**22):022}",
        "apiv3_key": secrets.token_hex(16),  # API v3 wants exactly 32 characters
        "mchid": f"19{secrets.randbelow(10**8):08}",
        "appid": f"wx{secrets.token_hex(8)}",
    }.items():
        secret_files.write(provider / name, value)


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _store(key: PrivateKey, private: Path, public: Path) -> None:
    """Write the public half first: a private key that is there says that both are."""
    pem = serialization.Encoding.PEM
    spki, pkcs8 = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PrivateFormat.PKCS8
    secret_files.write(public, key.public_key().public_bytes(pem, spki))
    secret_files.write(private, key.private_bytes(pem, pkcs8, serialization.NoEncryption()))

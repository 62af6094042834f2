"""Key pairs of one installation, made at its first run.

The sandbox's folder has the provider's keys for WeChat Pay's public-key mode and the merchant's public key. The
merchant's private key is stored outside of it, as with the real provider.
"""

import json
import secrets
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from local import secret_files
from shared.personal import keys as personal_keys

CARRIERS = (
    {"name": "sf-express", "zh": "顺丰速运", "en": "SF Express"},
    {"name": "ems", "zh": "中国邮政 EMS", "en": "EMS China"},
    {"name": "jd", "zh": "京东物流", "en": "JD Logistics"},
    {"name": "zto", "zh": "中通快递", "en": "ZTO Express"},
    {"name": "yto", "zh": "圆通速递", "en": "YTO Express"},
    {"name": "sto", "zh": "申通快递", "en": "STO Express"},
    {"name": "yunda", "zh": "韵达快递", "en": "Yunda Express"},
)
PrivateKey = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def make_keys(run_dir: Path) -> None:
    """Make the missing keys of this installation; existing keys are kept."""
    folder = run_dir / "secrets"
    for name in ("token", "quote"):
        if not (folder / f"{name}_private.pem").exists():
            _store(
                ed25519.Ed25519PrivateKey.generate(), folder / f"{name}_private.pem", folder / f"{name}_public.pem"
            )
    make_personal_keys(folder / "personal")
    carriers(run_dir)
    if not (password := folder / "smtp_password").exists():
        secret_files.write(password, "")  # of the mail server, if it requires one
    if not (folder / "wechat" / "appid").exists():
        _make_wechat(folder)


def make_personal_keys(folder: Path) -> None:
    """The first key of personal columns and that of their blind indexes; makes both or none.

    A folder with any content is left alone: a key that was removed, or is missing, is not made again.
    """
    if folder.is_dir() and any(folder.iterdir()):
        return
    unfinished = folder.with_name(f"{folder.name}.new")
    for name in ("key-1", "index"):
        secret_files.write(unfinished / name, personal_keys.new_key())
    unfinished.replace(folder)


def carriers(run_dir: Path) -> dict[str, str]:
    """The key of each carrier, by name; the list is created the first time and may be edited afterwards."""
    file = secret_files.path(run_dir, "carriers.json")
    if not file.exists():
        made = [{**carrier, "key": secrets.token_urlsafe(24)} for carrier in CARRIERS]
        secret_files.write(file, json.dumps(made, ensure_ascii=False, indent=1) + "\n")
    return {carrier["name"]: carrier["key"] for carrier in json.loads(file.read_text())}


def _make_wechat(folder: Path) -> None:
    provider = folder / "wechat"
    _store(_rsa(), folder / "wechat_merchant_private.pem", provider / "merchant_public.pem")
    _store(_rsa(), provider / "provider_private.pem", provider / "provider_public.pem")
    for name, value in {
        "merchant_serial": secrets.token_hex(20).upper(),
        "provider_key_id": f"PUB_KEY_ID_{secrets.randbelow(10**22):022}",
        "apiv3_key": secrets.token_hex(16),  # API v3 requires exactly 32 characters
        "mchid": f"19{secrets.randbelow(10**8):08}",
        "appid": f"wx{secrets.token_hex(8)}",
    }.items():
        secret_files.write(provider / name, value)


def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _store(key: PrivateKey, private: Path, public: Path) -> None:
    """Write the public half first: an existing private key means that both exist."""
    pem = serialization.Encoding.PEM
    spki, pkcs8 = serialization.PublicFormat.SubjectPublicKeyInfo, serialization.PrivateFormat.PKCS8
    secret_files.write(public, key.public_key().public_bytes(pem, spki))
    secret_files.write(private, key.private_bytes(pem, pkcs8, serialization.NoEncryption()))

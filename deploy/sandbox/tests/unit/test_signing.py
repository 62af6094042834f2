"""Signature checks: only requests that the merchant signed recently, and each once. The library signs here."""

import time
from unittest.mock import patch

import pytest
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt, build_authorization, load_private_key, rsa_verify

from local.keys import make_keys
from sandbox import keys as key_files
from sandbox.errors import Refused
from sandbox.signing import Verifier, encrypt, sign

PATH = "/v3/refund/domestic/refunds/BACK-1?mchid=1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    run_dir = tmp_path_factory.mktemp("keys")
    make_keys(run_dir)
    return run_dir / "secrets"


@pytest.fixture(scope="module")
def keys(folder):
    return key_files.load(folder / "wechat")


@pytest.fixture(scope="module")
def merchant_key(folder):
    return load_private_key((folder / "wechat_merchant_private.pem").read_text())


@pytest.fixture
def verifier(keys):
    return Verifier(keys)


@pytest.fixture
def authorization(keys, merchant_key):
    return build_authorization(PATH, RequestType.GET.value, keys.mchid, keys.merchant_serial, merchant_key)


def test_a_request_signed_by_the_merchant_is_accepted(verifier, authorization):
    verifier.check(authorization, "GET", PATH, b"")


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [("POST", PATH, b""), ("GET", "/v3/refund/domestic/refunds/BACK-2?mchid=1", b""), ("GET", PATH, b" ")],
)
def test_a_signature_is_valid_for_one_request_only(verifier, authorization, method, target, body):
    with pytest.raises(Refused, match="签名错误"):
        verifier.check(authorization, method, target, body)


def test_a_repeated_request_is_refused(verifier, authorization):
    verifier.check(authorization, "GET", PATH, b"")
    with pytest.raises(Refused, match="随机串"):
        verifier.check(authorization, "GET", PATH, b"")


@pytest.mark.parametrize("drift", [-301, 301, 3600])
def test_a_request_with_a_wrong_time_is_refused(verifier, authorization, drift):
    now = time.time() + drift
    with patch("time.time", lambda: now), pytest.raises(Refused, match="时间戳"):
        verifier.check(authorization, "GET", PATH, b"")


def test_old_nonces_are_forgotten(verifier, authorization, keys, merchant_key):
    verifier.check(authorization, "GET", PATH, b"")
    later = time.time() + 601
    with patch("time.time", lambda: later):
        fresh = build_authorization(PATH, "GET", keys.mchid, keys.merchant_serial, merchant_key)
        verifier.check(fresh, "GET", PATH, b"")
    assert len(verifier._seen) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("WECHATPAY2-SHA256-RSA2048", "Bearer"),
        ('mchid="', 'mchid="9'),
        ('serial_no="', 'serial_no="9'),
        ('nonce_str="', 'nonce="'),
        ('signature="', 'signature="!'),
        ('timestamp="', 'timestamp="-'),
    ],
)
def test_an_invalid_header_is_refused(verifier, authorization, old, new):
    with pytest.raises(Refused, match="SIGN_ERROR"):
        verifier.check(authorization.replace(old, new), "GET", PATH, b"")


def test_the_library_accepts_responses_and_notifications(keys):
    body = '{"message": "你好"}'
    headers = sign(keys, body.encode())
    proof = (headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], body, headers["Wechatpay-Signature"])
    assert rsa_verify(*proof, keys.provider_private.public_key())
    sealed = encrypt(keys, "refund", {"reason": "太响"})
    opened = aes_decrypt(sealed["nonce"], sealed["ciphertext"], "refund", keys.apiv3_key.decode())
    assert opened == '{"reason": "\\u592a\\u54cd"}'

"""Who is let in: only what the merchant signed, lately, and once. The library's own code signs here."""

import time
from unittest.mock import patch

import pytest
from wechatpayv3.type import RequestType
from wechatpayv3.utils import aes_decrypt, build_authorization, load_private_key, rsa_verify

from local.keys import make_keys
from sandbox import keys as key_files
from sandbox.errors import Refused
from sandbox.signing import Doorkeeper, encrypt, sign

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
def door(keys):
    return Doorkeeper(keys)


@pytest.fixture
def authorization(keys, merchant_key):
    return build_authorization(PATH, RequestType.GET.value, keys.mchid, keys.merchant_serial, merchant_key)


def test_what_the_merchant_signed_is_let_in(door, authorization):
    door.check(authorization, "GET", PATH, b"")


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [("POST", PATH, b""), ("GET", "/v3/refund/domestic/refunds/BACK-2?mchid=1", b""), ("GET", PATH, b" ")],
)
def test_a_signature_fits_one_request_only(door, authorization, method, target, body):
    with pytest.raises(Refused, match="签名错误"):
        door.check(authorization, method, target, body)


def test_the_same_request_is_not_let_in_twice(door, authorization):
    door.check(authorization, "GET", PATH, b"")
    with pytest.raises(Refused, match="随机串"):
        door.check(authorization, "GET", PATH, b"")


@pytest.mark.parametrize("drift", [-301, 301, 3600])
def test_a_request_of_another_time_is_refused(door, authorization, drift):
    now = time.time() + drift
    with patch("time.time", lambda: now), pytest.raises(Refused, match="时间戳"):
        door.check(authorization, "GET", PATH, b"")


def test_old_nonces_are_forgotten(door, authorization, keys, merchant_key):
    door.check(authorization, "GET", PATH, b"")
    later = time.time() + 601
    with patch("time.time", lambda: later):
        fresh = build_authorization(PATH, "GET", keys.mchid, keys.merchant_serial, merchant_key)
        door.check(fresh, "GET", PATH, b"")
    assert len(door._seen) == 1


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
def test_a_header_that_is_not_right_is_refused(door, authorization, old, new):
    with pytest.raises(Refused, match="SIGN_ERROR"):
        door.check(authorization.replace(old, new), "GET", PATH, b"")


def test_answers_and_notifications_are_what_the_library_expects(keys):
    body = '{"message": "你好"}'
    headers = sign(keys, body.encode())
    proof = (headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"], body, headers["Wechatpay-Signature"])
    assert rsa_verify(*proof, keys.provider_private.public_key())
    sealed = encrypt(keys, "refund", {"reason": "太响"})
    opened = aes_decrypt(sealed["nonce"], sealed["ciphertext"], "refund", keys.apiv3_key.decode())
    assert opened == '{"reason": "\\u592a\\u54cd"}'

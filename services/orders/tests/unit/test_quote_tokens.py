"""Quote tokens are read as PyJWT reads them, faster."""

from hypothesis import example, given
from hypothesis import strategies as st
from jwt.api_jws import PyJWS
from jwt.exceptions import DecodeError

from orders.checkout.tokens import DECODER, Jws

CHARACTERS = "AQgw-_=+/!. \nÄ"  # of the last characters of a segment, A, Q, g and w have no bits left over


def test_the_decoder_uses_the_faster_reading():
    assert isinstance(DECODER._jws, Jws)
    assert Jws._decode_base64url_segment is not PyJWS._decode_base64url_segment


@example("QUI=")
@example("QUJ")
@example("QUI==")
@given(st.text(CHARACTERS, max_size=9))
def test_a_segment_is_decoded_or_refused_as_by_pyjwt(segment):
    assert outcome(Jws, segment) == outcome(PyJWS, segment)


@given(st.binary(max_size=40))
def test_every_value_is_decoded(value):
    segment = PyJWS().encode(value, None, algorithm="none").split(".")[1]
    assert outcome(Jws, segment) == value


def outcome(reader, segment):
    try:
        return reader._decode_base64url_segment(segment.encode(), "payload")
    except DecodeError as refusal:
        return str(refusal)

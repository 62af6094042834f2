"""How a personal value is stored: version (1 byte), key number (2), nonce (12), AES-256-GCM ciphertext and tag.

The associated data is the header and the place `table.column`: a value that is changed, or moved to another
column, does not decrypt. A value copied to the same column of another row does; what may write rows may do that.
Nonces are random: a key is replaced before it has encrypted 2³² values (NIST SP 800-38D).
"""

import hmac
import os
import struct

from cryptography.exceptions import InvalidTag

from shared.personal.keys import KeyRing

VERSION = 1
HEADER = struct.Struct(">BH")
NONCE = 12  # bytes
ERASED = b"\x00"  # what stands where a value was erased; no value begins with it


class PersonalValueUnreadable(RuntimeError):
    """A stored value is no value of this column: changed, moved, or written with a key that is not here."""


def header(ring: KeyRing) -> bytes:
    """What every value begins with that is encrypted with the current key."""
    return HEADER.pack(VERSION, ring.current)


def seal(ring: KeyRing, plain: bytes, place: str) -> bytes:
    """The stored form of a value at `table.column`."""
    head, nonce = header(ring), os.urandom(NONCE)
    return head + nonce + ring.ciphers[ring.current].encrypt(nonce, plain, head + place.encode())


def unseal(ring: KeyRing, sealed: bytes, place: str) -> bytes:
    """The value behind its stored form. Raises PersonalValueUnreadable."""
    head, nonce, rest = sealed[:3], sealed[3 : 3 + NONCE], sealed[3 + NONCE :]
    version, number = HEADER.unpack(head) if len(head) == HEADER.size else (0, 0)
    cipher = ring.ciphers.get(number)
    if version != VERSION or cipher is None or len(nonce) < NONCE:
        raise PersonalValueUnreadable(f"{place}: version {version}, key {number}")
    try:
        return cipher.decrypt(nonce, rest, head + place.encode())
    except InvalidTag:
        raise PersonalValueUnreadable(f"{place}: not as it was written there") from None


def digest(ring: KeyRing, value: str, domain: str) -> bytes:
    """The blind index of a normalised value; equal values of one domain have equal ones."""
    return hmac.digest(ring.index, f"{domain}\0{value}".encode(), "sha256")

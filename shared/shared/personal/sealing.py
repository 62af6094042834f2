"""The format of stored personal values: version (1 byte), key number (2), nonce (12), AES-256-GCM ciphertext, tag.

The associated data is the header and the place `table.column`: a value that was changed, or moved to another
column, cannot be decrypted. A value that was copied to the same column of another row can. Nonces are random:
replace a key before it has encrypted 2³² values (NIST SP 800-38D).
"""

import hmac
import os
import struct

from cryptography.exceptions import InvalidTag

from shared.personal.keys import KeyRing

VERSION = 1
HEADER = struct.Struct(">BH")
NONCE = 12  # bytes
ERASED = b"\x00"  # the mark of an erased value; no value begins with it


class PersonalValueUnreadable(RuntimeError):
    """A stored value cannot be decrypted: it was changed or moved, or its key is missing."""


def header(ring: KeyRing) -> bytes:
    """The first bytes of every value that is encrypted with the current key."""
    return HEADER.pack(VERSION, ring.current)


def seal(ring: KeyRing, plain: bytes, place: str) -> bytes:
    """Encrypt a value of the column `place`."""
    head, nonce = header(ring), os.urandom(NONCE)
    return head + nonce + ring.ciphers[ring.current].encrypt(nonce, plain, head + place.encode())


def unseal(ring: KeyRing, sealed: bytes, place: str) -> bytes:
    """Decrypt a stored value of the column `place`. Raises PersonalValueUnreadable."""
    head, nonce, rest = sealed[:3], sealed[3 : 3 + NONCE], sealed[3 + NONCE :]
    version, number = HEADER.unpack(head) if len(head) == HEADER.size else (0, 0)
    cipher = ring.ciphers.get(number)
    if version != VERSION or cipher is None or len(nonce) < NONCE:
        raise PersonalValueUnreadable(f"{place}: version {version}, key {number}")
    try:
        return cipher.decrypt(nonce, rest, head + place.encode())
    except InvalidTag:
        raise PersonalValueUnreadable(f"{place}: changed, or moved from elsewhere") from None


def digest(ring: KeyRing, value: str, domain: str) -> bytes:
    """The blind index of a normalised value, the same for equal values of one domain."""
    return hmac.digest(ring.index, f"{domain}\0{value}".encode(), "sha256")

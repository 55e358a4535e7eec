"""Secrets at rest: one master key, one derived key per purpose.

A leaked table must not give phones, TOTP seeds or typed forms, so those columns hold sealed bytes and, where a row
has to be
found by its value, a keyed digest (a "blind index": equal values are found, the value itself is not told).
"""

import hashlib
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12
TAG_BYTES = 16


class SealBroken(ValueError):
    """The bytes were not sealed by this key for this purpose, or were changed since."""


class SecretBox:
    """Seals, opens and digests with keys derived (HKDF-SHA256, RFC 5869) from one master key of at least 32 bytes."""

    def __init__(self, master: bytes) -> None:
        if len(master) < 32:
            raise ValueError("the master key needs at least 32 bytes")
        self._master = master
        self._keys: dict[str, bytes] = {}

    def _key(self, purpose: str) -> bytes:
        key = self._keys.get(purpose)
        if key is None:
            derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yiwang/" + purpose.encode())
            key = self._keys[purpose] = derive.derive(self._master)
        return key

    def seal(self, purpose: str, plain: bytes, *, bound: bytes = b"") -> bytes:
        """AES-256-GCM.

        `bound` ties the result to its row (say, the account's id): moved to another row it will not open.
        """
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._key("seal/" + purpose)).encrypt(nonce, plain, bound)

    def open(self, purpose: str, sealed: bytes, *, bound: bytes = b"") -> bytes:
        """The plain bytes. SealBroken for anything this key did not seal for this purpose and this row."""
        if len(sealed) < NONCE_BYTES + TAG_BYTES:
            raise SealBroken("too short to be sealed")
        nonce, body = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return AESGCM(self._key("seal/" + purpose)).decrypt(nonce, body, bound)
        except InvalidTag as wrong:
            raise SealBroken("sealed by another key, for another purpose or row, or changed") from wrong

    def digest(self, purpose: str, value: str) -> bytes:
        """HMAC-SHA256 of `value`: 32 bytes, the same for the same value and purpose."""
        return hmac.digest(self._key("digest/" + purpose), value.encode(), hashlib.sha256)

    def sign(self, purpose: str, value: str) -> str:
        """A hex signature of 128 bits, enough for a cookie that lives for hours."""
        return self.digest("sign/" + purpose, value)[:16].hex()

    def signed(self, purpose: str, value: str, signature: str) -> bool:
        """Is it our signature? Compared in constant time."""
        return hmac.compare_digest(self.sign(purpose, value).encode(), signature.encode())

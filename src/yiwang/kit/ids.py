"""Identifiers: time-ordered UUIDs for rows, short codes that a person can read out on the telephone."""

from __future__ import annotations

import os
import secrets
import time
from uuid import UUID

# Crockford's base 32 without letters that are taken for digits or for each other.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(_ALPHABET)} | {"O": 0, "I": 1, "L": 1}


def new_id() -> UUID:
    """A UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, then random bits, so that indexes grow at one end."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


def tracking_code(length: int = 11) -> str:
    """A code for a receipt: ``length`` random symbols (5 bits each) and a check symbol, in groups of four.

    Eleven symbols are 55 random bits: a million cases leave one chance in 10^10 that a guess hits any of them.
    """
    body = "".join(secrets.choice(_ALPHABET) for _ in range(length))
    return _grouped(body + _check_symbol(body))


def tracking_code_of(seed: bytes) -> str:
    """The code that a secret seed of 7 bytes or more always gives, as ``tracking_code``: 11 symbols and a check symbol.

    So a form that is sent twice, or a receipt loaded again, shows the same code, though only its digest is kept.
    """
    if len(seed) < 7:
        raise ValueError("a tracking code needs a seed of at least 7 bytes")
    value = int.from_bytes(seed[:7], "big") >> 1  # 55 bits
    body = "".join(_ALPHABET[(value >> (5 * place)) & 31] for place in range(11))
    return _grouped(body + _check_symbol(body))


def normal_tracking_code(text: str) -> str | None:
    """The code as stored, from what a person typed (case, spaces, O for 0), or None when its check symbol is wrong."""
    symbols = [c for c in text.upper() if c not in " -"]
    if len(symbols) < 2 or len(symbols) > 40 or any(c not in _VALUE for c in symbols):
        return None
    plain = "".join(_ALPHABET[_VALUE[c]] for c in symbols)
    return _grouped(plain) if _check_symbol(plain[:-1]) == plain[-1] else None


def _check_symbol(body: str) -> str:
    # Weighted sum modulo 31 (prime): catches every single wrong symbol and every swap of neighbours below 31 places.
    total = sum((i + 1) * _VALUE[c] for i, c in enumerate(body))
    return _ALPHABET[total % 31]


def _grouped(text: str) -> str:
    return "-".join(text[i : i + 4] for i in range(0, len(text), 4))

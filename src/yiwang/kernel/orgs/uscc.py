"""The unified social credit code (GB 32100-2015): 18 characters, the last one a check."""

from __future__ import annotations

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def valid_uscc(code: str) -> bool:
    """Whether the code has 18 characters of the standard's alphabet and its check character fits (modulo 31)."""
    if len(code) != 18 or any(char not in _ALPHABET for char in code):
        return False
    total = sum(_ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(code[:17]))
    return _ALPHABET[-total % 31] == code[17]

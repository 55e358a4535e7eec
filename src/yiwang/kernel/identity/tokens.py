"""Opaque tokens: 256 random bits for the holder, their SHA-256 for us, so that a leaked table opens no session."""

import hashlib
import secrets

TOKEN_BYTES = 32
_UNAMBIGUOUS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_token() -> str:
    """256 random bits as 43 characters, safe in a URL and a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def fingerprint(token: str) -> bytes:
    """What is stored of a token:

    32 bytes. A fast hash is right here, for 256 random bits cannot be guessed offline.
    """
    return hashlib.sha256(token.encode()).digest()


def looks_like_token(text: str | None) -> bool:
    """A cheap check before the database is asked."""
    return text is not None and 20 <= len(text) <= 128 and text.isascii()


def new_code(digits: int = 6) -> str:
    """A code to read from a phone: decimal digits, leading zeros kept."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def new_password(groups: int = 4, size: int = 4) -> str:
    """A generated password a person can copy from a screen:

    32 letters without look-alikes, 5 bits each (80 bits by default).
    """
    return "-".join("".join(secrets.choice(_UNAMBIGUOUS) for _ in range(size)) for _ in range(groups))

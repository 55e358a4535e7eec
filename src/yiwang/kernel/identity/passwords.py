"""Passwords: how they are stored, checked and judged.

Storage: argon2id with the parameters of the OWASP Password Storage Cheat Sheet (19 MiB, 2 passes, 1 lane). Hashing
runs in a small
thread pool of its own: a flood of sign-ins queues there and never holds the event loop or the default pool.
Policy: NIST SP 800-63B-4 section 3.1.1: length counts, composition does not; known and context-specific passwords
are refused; no expiry.
"""

import asyncio
import re
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
MIN_LENGTH_STAFF = 12
MIN_LENGTH_RESIDENT = 8
MAX_LENGTH = 128
MAX_WAITING = 64
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
T = TypeVar("T")
_COMMON = Path(__file__).with_name("common_passwords.txt")


class HasherBusy(RuntimeError):
    """More than MAX_WAITING passwords are waiting to be hashed."""


def normalise(password: str) -> str:
    """NFKC, as SP 800-63B asks, so that the same password typed on two keyboards is the same."""
    return unicodedata.normalize("NFKC", password)


@cache
def common_passwords() -> frozenset[str]:
    """Passwords that everyone tries first, in lower case."""
    return frozenset(_COMMON.read_text(encoding="utf-8").split())


def weakness(password: str, *, minimum: int, context: tuple[str, ...] = ()) -> str | None:
    """Why this password is refused, as a string key under `identity.password.`, or None when it is fine.

    `context` are words an attacker would try for this person: sign-in name, name, phone.
    """
    plain = normalise(password)
    folded = plain.casefold()
    if len(plain) < minimum:
        return "too_short"
    if len(plain) > MAX_LENGTH:
        return "too_long"
    if len(set(folded)) < 4:
        return "repeats"
    if folded in common_passwords() or _stem(folded) in _common_stems():
        return "common"
    if _is_run(folded):
        return "sequence"
    if any(len(word) >= 3 and word.casefold() in folded and len(folded) < len(word) + 8 for word in context if word):
        return "personal"
    return None


def _stem(text: str) -> str:
    """Without the digits and signs that people hang on the end: wuxi@2026!! is wuxi."""
    return re.sub(r"[\W_0-9]+$", "", text)


@cache
def _common_stems() -> frozenset[str]:
    stems = (_stem(word) for word in common_passwords())
    return frozenset(stem for stem in stems if len(stem) >= 4)


def _is_run(text: str) -> bool:
    """One run of neighbouring characters up or down, like 23456789 or hgfedcba."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return steps in ({1}, {-1})


class PasswordVault:
    """Hashes and checks passwords off the event loop, at most `threads` at once (each takes about 20 MiB and 20-40
    ms of a core).
    """

    def __init__(self, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="argon2")
        self._waiting = 0
        self._decoy = _hasher.hash("nobody has this password")

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MAX_WAITING:
            raise HasherBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1

    async def hash(self, password: str) -> str:
        """The PHC string to store."""
        plain = normalise(password)
        return await self._run(lambda: _hasher.hash(plain))

    async def verify(self, stored: str | None, password: str) -> bool:
        """Is it the password?

        Takes the same time when there is no such account (`stored` None), so that names cannot be probed.
        """
        plain = normalise(password[: MAX_LENGTH + 1])
        right = await self._run(lambda: _matches(stored or self._decoy, plain))
        return right and stored is not None

    def outdated(self, stored: str) -> bool:
        """Was it hashed with other parameters than today's? Then hash again at the next sign-in."""
        return _hasher.check_needs_rehash(stored)

    def close(self) -> None:
        """Lets the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _matches(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except (VerificationError, InvalidHashError):
        return False

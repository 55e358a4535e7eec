"""The installation's master key: from the settings, or made once in the state folder."""

from __future__ import annotations

import hashlib
import os
import secrets

from yiwang.kernel.errors import StartError
from yiwang.kernel.identity.passwords import PasswordVault
from yiwang.kernel.identity.secretbox import SecretBox
from yiwang.kernel.runtime import Runtime

KEY_FILE = "identity.key"


class Keys:
    """`rt.part(Keys).box` seals and opens with the installation's key."""

    def __init__(self, rt: Runtime) -> None:
        self.box = SecretBox(_master(rt))


def _master(rt: Runtime) -> bytes:
    if rt.settings.secret:
        if len(rt.settings.secret) < 32:
            raise StartError("YIWANG_SECRET is too short: use at least 32 random characters.")
        return hashlib.sha256(rt.settings.secret.encode()).digest()
    path = rt.state_path(KEY_FILE)
    try:
        # Made complete under another name and linked into place: two processes that start at once end up with one
        # key.
        draft = path.with_name(f"{KEY_FILE}.{os.getpid()}.{secrets.token_hex(4)}")
        if not path.exists():
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(secrets.token_bytes(32))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        key = path.read_bytes()
    except OSError as error:
        raise StartError(
            f"The key {path} cannot be read or made: {error.strerror}. Check the folder's owner."
        ) from error
    if len(key) != 32:
        raise StartError(f"The key {path} is damaged ({len(key)} bytes, expected 32). Restore it from the backup.")
    return key


class Vault(PasswordVault):
    """The password vault of this runtime: `rt.part(Vault)`."""

    def __init__(self, rt: Runtime) -> None:
        super().__init__()

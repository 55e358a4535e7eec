"""Secrets of this installation: made once, kept readable by their owner only, below the state folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def installation_secret(state_dir: Path, name: str) -> str:
    """The secret of that name (43 URL-safe symbols, 256 bits); made at first use, safe from two processes at once."""
    folder = state_dir / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        draft = folder / f".{name}.{os.getpid()}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
        try:
            os.link(draft, path)  # fails when another process was faster: then its secret counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()

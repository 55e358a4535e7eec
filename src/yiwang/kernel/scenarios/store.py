"""Reading and writing installed packages; only `install.py` calls what writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.db import Conn, Queries
from yiwang.kernel.scenarios.archive import to_zip
from yiwang.kernel.scenarios.formats import Manifest
from yiwang.kernel.scenarios.package import Package

q = Queries.load("yiwang.kernel.scenarios")


@dataclass(frozen=True)
class Installed:
    """One package as the list shows it."""

    id: str
    version: str
    state: str
    title: dict[str, str]
    summary: dict[str, str]
    owner: dict[str, str]
    levels: tuple[str, ...]
    tier: str
    needs: dict[str, Any]
    installed_at: datetime
    changed_at: datetime
    changed_by: str
    versions: int = 1


def _installed(row: Any) -> Installed:
    def both(name: str) -> dict[str, str]:
        return {"zh": row[f"{name}_zh"], "en": row[f"{name}_en"]}

    return Installed(
        id=row["id"], version=row["version"], state=row["state"], title=both("title"), summary=both("summary"),
        owner=both("owner"), levels=tuple(row["levels"]), tier=row["tier"], needs=row["needs"],
        installed_at=row["installed_at"], changed_at=row["changed_at"], changed_by=row["changed_by"],
        versions=row.get("versions", 1),
    )  # fmt: skip


async def find(conn: Conn, package_id: str) -> Installed | None:
    """One package, whatever its state."""
    row = await conn.fetchrow(q.find_package, package_id)
    return _installed(row) if row else None


async def everything(conn: Conn) -> list[Installed]:
    """Every package that was ever installed, those in use first."""
    return [_installed(row) for row in await conn.fetch(q.list_packages)]


async def installed(conn: Conn) -> dict[str, tuple[str, dict[str, str]]]:
    """Packages in use: version and what each needs of others."""
    rows = await conn.fetch(q.installed_versions)
    return {row["id"]: (row["version"], row["needs"].get("packages", {})) for row in rows}


async def archive(conn: Conn, package_id: str, version: str) -> bytes | None:
    """The .zip of one version."""
    row = await conn.fetchrow(q.find_version, package_id, version)
    return bytes(row["archive"]) if row else None


async def digest(conn: Conn, package_id: str, version: str) -> str | None:
    """The digest of one version."""
    row = await conn.fetchrow(q.find_version, package_id, version)
    return str(row["digest"]) if row else None


async def versions(conn: Conn, package_id: str) -> list[dict[str, Any]]:
    """Every version that was installed, newest first."""
    return [dict(row) for row in await conn.fetch(q.list_versions, package_id)]


async def put(
    conn: Conn, package: Package, manifest: Manifest, opens: list[dict[str, str]], now: datetime, by: str
) -> None:
    """Store a package and its version."""
    tier = package.quality.tier if package.quality else "none"
    title, summary, owner = manifest.title, manifest.summary, manifest.owner.name
    await conn.execute(
        q.put_package, manifest.id, manifest.version, title.zh, title.en, summary.zh, summary.en, owner.zh, owner.en,
        list(manifest.levels), tier, manifest.needs.model_dump(mode="json"), now, by,
    )  # fmt: skip
    await conn.execute(
        q.put_version, manifest.id, manifest.version, package.digest, to_zip(package), opens, now, by
    )  # fmt: skip


async def current(conn: Conn) -> list[Package]:
    """The packages in use, read from their stored bytes."""
    return [Package.of_zip(bytes(row["archive"])) for row in await conn.fetch(q.current_archives)]

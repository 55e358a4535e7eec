"""How many reports one place may send: enough for a whole office behind one address, too few for a script."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yiwang.govern.errors import TooManyReports
from yiwang.govern.store import q
from yiwang.kernel.identity import Keys
from yiwang.kernel.runtime import Runtime
from yiwang.web.context import Context

WINDOW = timedelta(minutes=10)
#: Reports in one window: from an address (many people may share one), from an account.
PER_ADDRESS, PER_ACCOUNT = 30, 10
#: Photos in one window from an address: at most 600 MB of disk in ten minutes.
PHOTOS_PER_ADDRESS = 60


async def count_report(ctx: Context) -> None:
    """Count one more report of this visitor or resident; TooManyReports past the limit. Staff are not counted."""
    places = [(f"address:{_address(ctx)}", PER_ADDRESS)]
    if ctx.actor.id is not None:
        places.append((f"account:{ctx.actor.id}", PER_ACCOUNT))
    await _count(ctx, places)


async def count_photo(ctx: Context) -> None:
    """Count one more photo before it is stored: it stays on the disk even when its report never comes."""
    await _count(ctx, [(f"photos:{_address(ctx)}", PHOTOS_PER_ADDRESS)])


def _address(ctx: Context) -> str:
    return ctx.request.client.host if ctx.request.client else ""


async def _count(ctx: Context, places: list[tuple[str, int]]) -> None:
    if ctx.actor.kind not in ("anonymous", "resident"):
        return
    box = ctx.rt.part(Keys).box
    start = _window(ctx.now)
    async with ctx.rt.unit(ctx.actor) as unit:
        counts = [await unit.db.fetchval(q.count_report, box.digest("govern.rate", p), start) for p, _ in places]
        unit.bookkeeping()
    if any(count > most for count, (_, most) in zip(counts, places, strict=True)):
        left = (start + WINDOW - ctx.now).total_seconds()
        raise TooManyReports(
            f"{max(counts)} reports in {WINDOW}", minutes=int(left // 60) + 1, retry_after=int(left) + 1
        )


def _window(now: datetime) -> datetime:
    seconds = WINDOW.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


async def prune_rates(rt: Runtime) -> None:
    """Forget windows that are over."""
    async with rt.system_unit("govern.throttle") as unit:
        await unit.db.fetchval(q.prune_rate, rt.clock.now() - WINDOW)
        unit.bookkeeping()

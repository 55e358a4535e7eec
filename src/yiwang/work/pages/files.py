"""Files of what a task is about: the file itself, or its small picture."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from starlette.responses import FileResponse, Response

from yiwang.kernel.process import FileStore, attachment
from yiwang.web.http import Ctx, router

pages = router("work")
#: Shown in the browser; anything else is downloaded, so that nothing sent by a stranger runs in our address.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@pages.get("/work/files/{key}")
async def one_file(ctx: Ctx, key: UUID, small: bool = False) -> Response:
    """An attachment that the reader's scope sees; NotFound otherwise."""
    ctx.need_staff()
    async with ctx.rt.read(ctx.actor) as db:
        found = await attachment(db, key)
    address = found.thumbnail if small and found.thumbnail else found.sha256
    media = "image/jpeg" if address == found.thumbnail else found.media_type
    way = "inline" if media in _SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(found.name)}", "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
    }  # fmt: skip
    return FileResponse(ctx.rt.part(FileStore).path(address), media_type=media, headers=headers)

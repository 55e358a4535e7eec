"""Files of an incident, for staff who see it: the file itself, a small picture of it, the diagram of its process."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from starlette.responses import FileResponse, Response

from yiwang.govern import store
from yiwang.kernel.errors import NotFound
from yiwang.kernel.process import FileStore, attachments
from yiwang.kernel.process.queries import definition_xml, instances_of
from yiwang.web.http import Ctx, router

pages = router("govern")
#: Shown in the browser; anything else is downloaded, so that nothing sent by a stranger runs in our address.
_SHOWN = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


@pages.get("/incidents/{incident}/files/{key}")
async def one_file(ctx: Ctx, incident: UUID, key: UUID, small: bool = False) -> Response:
    """An attachment, or its small picture."""
    ctx.need_staff()
    async with ctx.rt.read(ctx.actor) as db:
        await store.read(db, incident)
        found = next((f for f in await attachments(db, "incident", incident) if f.id == key), None)
    if found is None:
        raise NotFound(f"incident {incident} has no file {key}")
    small = small and found.thumbnail is not None
    path = ctx.rt.part(FileStore).path(found.thumbnail if small and found.thumbnail else found.sha256)
    media = "image/jpeg" if small else found.media_type
    way = "inline" if media in _SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(found.name)}", "Cache-Control": "private, max-age=3600",
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'",
    }  # fmt: skip
    return FileResponse(path, media_type=media, headers=headers)


@pages.get("/incidents/{incident}/process.bpmn")
async def diagram(ctx: Ctx, incident: UUID) -> Response:
    """The process that the incident runs through, in the very version that it began under."""
    ctx.need_staff()
    async with ctx.rt.read(ctx.actor) as db:
        await store.read(db, incident)
        found = await instances_of(db, "incident", incident)
        if not found:
            raise NotFound(f"incident {incident} has no process")
        _, xml = await definition_xml(db, found[-1]["key"], found[-1]["version"])
    return Response(xml, media_type="application/xml", headers={"Cache-Control": "private, max-age=3600"})

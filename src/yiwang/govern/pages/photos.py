"""Photos of a report: checked and stored at once, and kept across a form that has to be corrected.

What was stored is carried in the form as a signed note, so that nobody has to choose the photo again and nobody can
name a file that they did not send.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import asdict
from typing import Any

import orjson
from starlette.datastructures import FormData, UploadFile

from yiwang.govern.errors import BadPhoto
from yiwang.govern.throttle import count_photo
from yiwang.kernel.errors import YiwangError
from yiwang.kernel.identity import Keys
from yiwang.kernel.process import FileStore, StoredFile
from yiwang.kernel.process.files import sniff
from yiwang.kernel.runtime import Runtime
from yiwang.web.context import Context

MOST = 5
LIMIT_MIB = 10
KINDS = ("image/jpeg", "image/png", "image/webp")
_PURPOSE = "govern.photo"


def dump(rt: Runtime, photo: StoredFile) -> str:
    """A stored photo as the value of a hidden field."""
    body = base64.urlsafe_b64encode(orjson.dumps(asdict(photo))).decode()
    return f"{body}.{rt.part(Keys).box.sign(_PURPOSE, body)}"


def load(rt: Runtime, text: str) -> StoredFile | None:
    """What ``dump`` wrote; None for anything else."""
    body, _, signature = text.rpartition(".")
    if not body or not rt.part(Keys).box.signed(_PURPOSE, body, signature):
        return None
    try:
        return StoredFile(**orjson.loads(base64.urlsafe_b64decode(body)))
    except (ValueError, TypeError, binascii.Error):
        return None


async def read_photos(ctx: Context, form: FormData) -> tuple[StoredFile, ...]:
    """The photos kept from an earlier try and those chosen now; BadPhoto names the one that cannot be taken.

    Nothing is stored that could not become part of the report. TooManyReports past the limit of an address.
    """
    rt = ctx.rt
    dropped = set(form.getlist("drop"))
    kept = [load(rt, str(v)) for v in form.getlist("kept") if str(v) not in dropped]
    photos = [photo for photo in kept if photo is not None]
    sent = [f for f in form.getlist("photos") if isinstance(f, UploadFile) and f.filename]
    if len(sent) > MOST:
        raise BadPhoto(f"{len(sent)} photos", name=str(len(sent)), most=MOST, limit=LIMIT_MIB)
    for upload in sent:
        await count_photo(ctx)
        photos.append(await _keep(rt, upload))
    unique = {photo.sha256: photo for photo in photos}
    if len(unique) > MOST:
        raise BadPhoto(f"{len(unique)} photos", name=str(len(unique)), most=MOST, limit=LIMIT_MIB)
    return tuple(unique.values())


async def _keep(rt: Runtime, upload: UploadFile) -> StoredFile:
    name = (upload.filename or "photo")[:100]
    refusal: dict[str, Any] = {"name": name, "most": MOST, "limit": LIMIT_MIB}
    content = await upload.read(LIMIT_MIB * 1024 * 1024 + 1)
    if len(content) > LIMIT_MIB * 1024 * 1024:
        raise BadPhoto(f"{name} is too large", **refusal)
    try:
        _, media_type = sniff(name, content)
        if media_type not in KINDS:
            raise BadPhoto(f"{name} is {media_type}", **refusal)
        return await rt.part(FileStore).keep(name, content)
    except BadPhoto:
        raise
    except YiwangError as error:
        raise BadPhoto(f"{name}: {error}", **refusal) from error

"""Files: forged, broken, too large or fine; where a photo was taken stays with the photographer."""

from __future__ import annotations

import io
import zipfile
from uuid import uuid4

import pytest
from PIL import Image

from tests.kernel.process.city import EAST, WATER, Town
from tests.kernel.process.test_flow import accepted
from yiwang.kernel.errors import NotFound, Refused
from yiwang.kernel.process.attachments import attach, attachment, attachments
from yiwang.kernel.process.errors import FileRefused, FileTooLarge
from yiwang.kernel.process.files import ACCEPTED, FileStore, sniff
from yiwang.kernel.process.files.pictures import prepare
from yiwang.kernel.process.tasks import complete_task, return_task


def photo(kind: str = "JPEG", size: tuple[int, int] = (800, 600), *, located: bool = True) -> bytes:
    image = Image.new("RGB", size, (90, 120, 60))
    exif = Image.Exif()
    exif[0x010F] = "Maker"
    if located:
        exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 34.0, 12.0), 3: "E", 4: (120.0, 18.0, 30.0)})
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()


def place_of(content: bytes) -> dict:
    return dict(Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825))


def zipped(**members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", photo()), ("a.png", photo("PNG")),
        ("a.pdf", b"%PDF-1.7 x"), ("说明.txt", "路灯不亮".encode("gb18030")),
        ("a.docx", zipped(word__document="x")), ("a.ofd", zipped(**{"OFD.xml": "x"})), ("a.csv", b"a,b\n1,2"),
        ("a.mp3", b"ID3\x03"), ("a.mp4", b"\x00\x00\x00\x18ftypisom"), ("a.zip", zipped(a="x")),
    ],
)  # fmt: skip
def test_what_it_is_decides(name: str, content: bytes) -> None:
    assert sniff(name, content) == (name, ACCEPTED[name.rsplit(".", 1)[1]])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jpg", b"<html><script>alert(1)</script>"), ("a.jpg", photo("PNG")), ("a.pdf", b"MZ\x90"), ("a.exe", b"MZ"),
        ("a.txt", b"\x00\x01"), ("a.txt", b"<!DOCTYPE html><p>"), ("a.docx", zipped(a="x")),
        ("a.zip", b"PK\x03\x04bad"),
        ("a", b"x"), ("a.svg", b"<svg/>"), ("a.jpg", b""), ("a.html", b"<p>"), ("a.csv", b"<svg onload=x>"),
    ],
)  # fmt: skip
def test_a_forged_or_unknown_file_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(FileRefused):
        sniff(name, content)


def test_a_name_is_only_a_name() -> None:
    assert sniff("../../etc/pass\x00wd<b>.pdf", b"%PDF-1")[0] == "passwdb.pdf"
    assert len(sniff("长" * 300 + ".pdf", b"%PDF-1")[0]) == 200


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_the_place_is_taken_out_unless_it_is_wanted(kind: str, media_type: str) -> None:
    content = photo(kind)
    assert place_of(content)
    cleaned = prepare("a", media_type, content)
    assert not place_of(cleaned.content)
    assert Image.open(io.BytesIO(cleaned.content)).getexif()[0x010F] == "Maker"
    assert place_of(prepare("a", media_type, content, keep_location=True).content)
    assert Image.open(io.BytesIO(cleaned.thumbnail)).size == (480, 360)
    assert (cleaned.width, cleaned.height) == (800, 600)


def test_a_photo_without_a_place_is_kept_as_it_is() -> None:
    content = photo(located=False)
    assert prepare("a.jpg", "image/jpeg", content).content == content


def test_half_a_photo_and_a_bomb_are_refused() -> None:
    with pytest.raises(FileRefused):
        prepare("a.jpg", "image/jpeg", photo()[:600])
    with pytest.raises(FileRefused):
        prepare("a.png", "image/png", photo("PNG", (20000, 6000), located=False))


async def test_files_stay_with_the_subject_through_the_verbs(town: Town) -> None:
    store = town.rt.part(FileStore)
    instance, handling = await accepted(town)
    owner = town.person("handler", EAST)
    file = await store.keep("现场.jpg", photo())
    assert file == await store.keep("现场.jpg", photo())
    key = await town.do(attach, owner, handling["id"], file)
    await town.do(return_task, owner, handling["id"], "类别不对")
    async with town.rt.read(owner) as db:
        assert [a.id for a in await attachments(db, handling["subject_type"], handling["subject_id"])] == [key]
        found = await attachment(db, key)
    assert await store.read(found.sha256) == store.path(file.sha256).read_bytes()
    async with town.rt.read(town.person("handler", WATER)) as db:
        with pytest.raises(NotFound):
            await attachment(db, key)
    with pytest.raises((Refused, NotFound)):
        await town.do(attach, town.person("handler", WATER), handling["id"], file)
    assert instance


async def test_limits_and_addresses_are_kept(town: Town) -> None:
    store = town.rt.part(FileStore)
    store.limit = 100
    with pytest.raises(FileTooLarge):
        await store.keep("a.txt", b"a" * 101)
    for bad in ("", "../../x", "0" * 64, str(uuid4())):
        with pytest.raises(NotFound):
            store.path(bad)
    assert complete_task

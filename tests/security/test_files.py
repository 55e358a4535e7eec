"""Photos of strangers: how many, how large unpacked, who may read them on the disk."""

from __future__ import annotations

import asyncio
import io
import stat
import subprocess
import sys

import pytest
from PIL import Image

from tests.demo_city import picture
from yiwang.govern.throttle import PHOTOS_PER_ADDRESS
from yiwang.kernel.process import FileStore
from yiwang.kernel.process.files.pictures import AT_ONCE, prepare


def _stored(demo) -> int:
    return sum(1 for one in (demo.rt.settings.state_dir / "files").glob("*/*/*") if one.is_file())


async def test_photos_without_a_report_do_not_fill_the_disk(demo):
    """The step back to the form keeps photos; nobody is asked to ever send the report."""
    seen = []
    async with demo.browser() as browser:
        await browser.get("/report")
        for start in range(0, PHOTOS_PER_ADDRESS + 5, 5):
            files = [
                ("photos", (f"{i}.png", picture("PNG", (100 + i, 7)), "image/png")) for i in range(start, start + 5)
            ]
            seen.append(
                (await browser.post("/report", {"step": "1", "description": "路灯坏了"}, files=files)).status_code
            )
    assert seen[:-1] == [200] * (PHOTOS_PER_ADDRESS // 5)
    assert seen[-1] == 429


async def test_what_can_be_no_photo_of_a_report_is_not_stored(demo):
    before = _stored(demo)
    async with demo.browser() as browser:
        await browser.get("/report")
        text = [("photos", ("secret.txt", b"something of mine that nobody has", "text/plain"))]
        many = [("photos", (f"{i}.png", picture("PNG", (300 + i, 9)), "image/png")) for i in range(6)]
        for files in (text, many):
            assert (await browser.post("/report", {"description": "路灯坏了"}, files=files)).status_code == 422
    assert _stored(demo) == before


async def test_files_are_for_this_service_alone(rt):
    store = rt.part(FileStore)
    kept = await store.keep("a.png", picture("PNG", (33, 44)))
    for address in (kept.sha256, kept.thumbnail):
        assert stat.S_IMODE(store.path(address).stat().st_mode) == 0o600


async def test_the_log_of_the_database_is_for_its_owner_alone(server):
    assert stat.S_IMODE(server.log.stat().st_mode) & 0o077 == 0


async def test_few_pictures_are_unpacked_at_once(rt, monkeypatch):
    store, running, most = rt.part(FileStore), 0, 0
    inner = store._keep

    def counted(*arguments):
        nonlocal running, most
        running += 1
        most = max(most, running)
        try:
            return inner(*arguments)
        finally:
            running -= 1

    monkeypatch.setattr(store, "_keep", counted)
    await asyncio.gather(*(store.keep(f"{i}.png", picture("PNG", (900 + i, 900))) for i in range(8)))
    assert 1 <= most <= AT_ONCE


@pytest.mark.parametrize(("mode", "most_mib"), [("RGB", 600), ("P", 700), ("RGBA", 950)])
def test_a_picture_of_a_few_kilobytes_costs_bounded_memory(tmp_path, mode, most_mib):
    bomb = tmp_path / "bomb.png"
    Image.new(mode, (9990, 9990)).save(bomb)
    assert bomb.stat().st_size < 500_000
    code = (
        "import resource, sys, pathlib; from yiwang.kernel.process.files.pictures import prepare;"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss;"
        "prepare('a.png', 'image/png', pathlib.Path(sys.argv[1]).read_bytes());"
        "print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code, str(bomb)], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < most_mib


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_the_thumbnail_stands_upright_and_the_size_is_as_shown(orientation):
    image = Image.new("RGB", (1200, 600), (200, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    made = prepare("a.jpg", "image/jpeg", out.getvalue())
    with Image.open(io.BytesIO(made.thumbnail)) as small:
        upright = orientation in (1, 3)
        assert (made.width, made.height) == ((1200, 600) if upright else (600, 1200))
        assert small.size == ((480, 240) if upright else (240, 480))
        assert not small.getexif().get(0x0112)

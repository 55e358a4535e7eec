"""What a container may not be: links, executables, code, names that climb out, bombs."""

from __future__ import annotations

import contextlib
import io
import stat
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.errors import Invalid, NotFound
from yiwang.kernel.scenarios import limits
from yiwang.kernel.scenarios.archive import to_zip
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.reading import read_folder, read_zip

from . import packages


def _zip(*entries: tuple[str, bytes, int]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, mode in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def _keys(content: bytes) -> list[str]:
    return [item.key.rpartition(".")[2] for item in read_zip(content).problems]


@pytest.mark.parametrize(
    ("name", "data", "mode", "key"),
    [
        ("../evil.toml", b"", 0o100644, "bad_path"),
        ("/etc/passwd", b"", 0o100644, "bad_path"),
        ("a\\b.toml", b"", 0o100644, "bad_path"),
        ("c:/x.toml", b"", 0o100644, "bad_path"),
        ("forms/a\u202e.json", b"", 0o100644, "bad_path"),
        ("forms/" + "a" * 300 + ".json", b"", 0o100644, "path_too_long"),
        ("link", b"/etc/passwd", stat.S_IFLNK | 0o777, "symlink"),
        ("pipe", b"", stat.S_IFIFO | 0o644, "special_file"),
        ("tool", b"x", 0o100755, "executable"),
        ("views/x.py", b"print()", 0o100644, "code_file"),
        ("pictures/x.png", b"\x7fELF....", 0o100644, "executable"),
        ("README.md", b"#!/bin/sh\n", 0o100644, "executable"),
        ("sample/big.csv", b"0" * (limits.MAX_FILE_BYTES + 1), 0o100644, "file_too_large"),
    ],
)
def test_a_bad_member_is_refused_by_name(name: str, data: bytes, mode: int, key: str) -> None:
    assert key in _keys(_zip((name, data, mode)))


def test_a_header_that_lies_about_its_size_is_caught() -> None:
    content = _zip(("sample/a.csv", b"0" * (limits.MAX_FILE_BYTES + 10), 0o100644))
    lying = content.replace((limits.MAX_FILE_BYTES + 10).to_bytes(4, "little"), (5).to_bytes(4, "little"))
    assert lying != content
    tray = read_zip(lying)
    assert tray.files == {} or all(len(data) <= 5 for data in tray.files.values())
    assert tray.problems


def test_names_that_differ_only_in_case_are_refused() -> None:
    assert _keys(_zip(("README.md", b"a", 0o100644), ("readme.MD", b"b", 0o100644))) == ["same_name"]


def test_too_many_files_are_refused() -> None:
    entries = [(f"forms/f{n}.json", b"", 0o100644) for n in range(limits.MAX_FILES + 1)]
    assert _keys(_zip(*entries)) == ["too_many_files"]


def test_what_is_no_zip_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        read_zip(b"PK\x03\x04 not really")
    with pytest.raises(NotFound):
        Package.read(tmp_path / "nothing")


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    with contextlib.suppress(Invalid):
        read_zip(b"PK\x03\x04" + content)


def test_a_folder_is_read_without_following_links(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    root = tmp_path / "pack"
    (root / "forms").mkdir(parents=True)
    (root / "forms" / "a.json").write_text("{}")
    (root / "link.md").symlink_to(tmp_path / "secret")
    (root / "forms2").symlink_to(root / "forms")
    tool = root / "run.toml"
    tool.write_text("x = 1")
    tool.chmod(0o755)
    tray = read_folder(root)
    assert set(tray.files) == {"forms/a.json", "run.toml"}
    assert sorted(item.key.rpartition(".")[2] for item in tray.problems) == ["executable", "symlink", "symlink"]


def test_folder_and_zip_have_one_digest_and_export_is_the_same_every_time() -> None:
    folder = Package.read(packages.FIRST)
    assert folder.problems == []
    once, twice = to_zip(folder), to_zip(Package.read(packages.FIRST))
    assert once == twice
    assert Package.of_zip(once).digest == folder.digest
    changed = Package({**folder.files, "README.md": b"# other"})
    assert changed.digest != folder.digest

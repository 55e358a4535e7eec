"""The documentation says what the code does: undocumented settings, commands, events and permissions are red."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def test_the_reference_is_what_the_code_says():
    done = subprocess.run(
        [sys.executable, "tools/reference.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "page", sorted(p.relative_to(ROOT).as_posix() for p in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
)
def test_links_between_pages_lead_somewhere(page):
    path = ROOT / page
    for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{page} links to {target}, which is not there"


def test_both_readmes_name_the_same_pages():
    links = [
        set(re.findall(r"\]\(([^)#:\s]+)", (ROOT / name).read_text("utf-8")))
        for name in ("README.md", "README.zh-CN.md")
    ]
    assert links[0] - {"README.zh-CN.md"} == links[1] - {"README.md"}

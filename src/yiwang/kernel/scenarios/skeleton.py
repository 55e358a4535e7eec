"""`yiwang scenario new`: the files of a package that passes the check and whose story plays, to start from."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from yiwang.kernel.errors import Conflict, Invalid
from yiwang.kernel.scenarios.formats import RUNGS

FILES = {
    "scenario.toml": "scenario.toml.txt",
    "processes/{id}.bpmn": "process.bpmn.txt",
    "forms/accept.json": "accept.json.txt",
    "forms/handle.json": "handle.json.txt",
    "stories/happy-path.yaml": "story.yaml.txt",
    "strings/zh.toml": "strings.zh.toml.txt",
    "strings/en.toml": "strings.en.toml.txt",
    "README.md": "README.md.txt",
}
DONE = {"manifest-complete", "strings-complete", "check-passes", "story-happy-path", "deadlines-in-working-days"}


def write_skeleton(folder: Path, zh: str, en: str) -> list[str]:
    """Write a new package into a folder that is empty or not there; its name is the id. Returns the paths written.

    Raises Invalid for a name that cannot be an id or a title that would break a file, Conflict when it is not empty.
    """
    name = folder.resolve().name
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) or len(name) > 60:
        raise Invalid(f"{name!r} cannot be an id: lower case letters, digits and hyphens, beginning with a letter")
    for title in (zh, en):
        if not title.strip() or re.search(r"[\x00-\x1f\"'\\<>&{}]", title) or len(title) > 80:
            raise Invalid(f"the title {title!r} should be one line without quotes, brackets or backslashes")
    if folder.exists() and any(folder.iterdir()):
        raise Conflict(f"{folder} is not empty; choose a new folder")
    written = {path.format(id=name): _filled(source, name, zh.strip(), en.strip()) for path, source in FILES.items()}
    written["quality.toml"] = _quality()
    for path, text in written.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return sorted(written)


def _filled(source: str, name: str, zh: str, en: str) -> str:
    text = (files("yiwang.kernel.scenarios") / "skeleton_files" / source).read_text("utf-8")
    return text.replace("{{id}}", name).replace("{{zh}}", zh).replace("{{en}}", en)


def _quality() -> str:
    rungs = [name for names in RUNGS.values() for name in names]
    entries = [f'[rungs.{name}]\nstatus = "{"done" if name in DONE else "todo"}"' for name in rungs]
    return (
        "# Where the package stands: done, todo, or exempt with a reason in `because`.\n\n"
        + "\n\n".join(entries)
        + "\n"
    )

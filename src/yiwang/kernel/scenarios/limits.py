"""How large a package may be. A package is text that people wrote; what is larger is data and belongs in a dataset."""

from __future__ import annotations

MAX_FILES = 400
MAX_FILE_BYTES = 2 * 1024 * 1024
MAX_TOTAL_BYTES = 16 * 1024 * 1024
MAX_ZIP_BYTES = 16 * 1024 * 1024
MAX_PATH = 200

FOLDERS: dict[str, tuple[str, ...]] = {
    "datasets": (".toml",),
    "rules": (".toml",),
    "processes": (".bpmn",),
    "decisions": (".dmn",),
    "forms": (".json",),
    "services": (".toml",),
    "views": (".toml",),
    "policies": (".cedar",),
    "strings": (".toml",),
    "sample": (".csv", ".json", ".jsonl"),
    "stories": (".yaml",),
    "pictures": (".png", ".jpg"),
}
"""The folders of a package and the kinds of file that each may hold."""

ROOT_FILES = ("scenario.toml", "quality.toml", "README.md", "README.zh-CN.md", "CHANGELOG.md", "LICENSE", "NOTICE")
"""The files that may lie at the top of a package."""

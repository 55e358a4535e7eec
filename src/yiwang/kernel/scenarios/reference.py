"""The reference of the package format, written from the models themselves (docs/reference/scenario-format.md)."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from yiwang.kernel.scenarios.formats import RUNGS, Dataset, Manifest, NoticeRule, Quality, ServiceItem, Text, Views
from yiwang.kernel.scenarios.limits import FOLDERS, MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, ROOT_FILES
from yiwang.kernel.scenarios.rules import ALL
from yiwang.kernel.scenarios.stories.verbs import VERBS, doc_of

KINDS: dict[str, type[BaseModel]] = {
    "scenario.toml": Manifest,
    "services/*.toml": ServiceItem,
    "datasets/*.toml": Dataset,
    "rules/*.toml": NoticeRule,
    "views/*.toml": Views,
    "quality.toml": Quality,
}


def reference() -> str:
    """The whole page as Markdown. `yiwang scenario docs` writes it; a test compares it with the file."""
    parts = ["# The format of a scenario package", "", _INTRO, "", "## Folders and files", "", *_folders()]
    for file, model in KINDS.items():
        parts += ["", f"## {file}", "", *_model(model, set())]
    parts += ["", "## Verbs of stories", "", *(f"- `{verb}`: {doc_of(verb)}" for verb in sorted(VERBS))]
    parts += ["", "## The ladder of quality", ""]
    parts += [f"- **{tier}**: " + ", ".join(f"`{name}`" for name in names) for tier, names in RUNGS.items()]
    parts += ["", "## What `yiwang scenario check` asks", "", *(f"- `{rule.name}`: {rule.asks}" for rule in ALL)]
    return "\n".join(parts) + "\n"


_INTRO = (
    "This page is written by `yiwang scenario docs` from the models that the checker uses; do not edit it by hand.\n"
    "A field that is not listed is an error. *Text* is a table with `zh` and `en`, both required."
)


def _folders() -> Iterator[str]:
    yield f"At the top: {', '.join(f'`{name}`' for name in ROOT_FILES)}."
    yield ""
    yield from (f"- `{folder}/`: {', '.join(suffixes)}" for folder, suffixes in FOLDERS.items())
    yield ""
    each, together = MAX_FILE_BYTES // 2**20, MAX_TOTAL_BYTES // 2**20
    yield f"At most {MAX_FILES} files, {each} MiB each, {together} MiB together."


def _model(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[str]:
    yield "| field | type | required | meaning |"
    yield "|---|---|---|---|"
    inner: list[tuple[str, type[BaseModel]]] = []
    for name, info in model.model_fields.items():
        yield f"| `{name}` | {_type(info.annotation)} | {_required(info)} | {_cell(info.description)} |"
        inner += [(name, m) for m in _models(info.annotation) if m is not Text and m not in seen]
    for name, other in inner:
        seen.add(other)
        yield ""
        yield f"### {model.__name__}.{name}"
        yield ""
        yield from _model(other, seen)


def _required(info: FieldInfo) -> str:
    if info.is_required():
        return "yes"
    default = info.get_default(call_default_factory=False)
    return (
        "no"
        if default in (None, "", ()) or info.default_factory
        else f"no (`{str(default).lower() if isinstance(default, bool) else default}`)"
    )


def _cell(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


def _type(annotation: Any) -> str:
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(args[0])
    if origin is Literal:
        return " \\| ".join(f"`{value}`" for value in args)
    if origin in (Union, UnionType):
        return " or ".join(_type(arg) for arg in args if arg is not type(None))
    if origin is tuple:
        return f"list of {_type(args[0])}"
    if origin is dict:
        return f"table of {_type(args[1])} by name"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false"}
    if annotation in names:
        return names[annotation]
    return f"*{annotation.__name__}*"


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for arg in get_args(annotation) for model in _models(arg)]

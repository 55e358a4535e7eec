"""strings: what people read is complete in Chinese and in English."""

from __future__ import annotations

import string
from collections.abc import Iterator
from typing import Any

from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.toml_file import line_of, parse_toml, toml_lines

FILES = {"zh": "strings/zh.toml", "en": "strings/en.toml"}
Texts = dict[tuple[str, ...], str]


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Compare the keys and the placeholders of the two files."""
    tables: dict[str, Texts] = {}
    for locale, path in FILES.items():
        if path not in package.files:
            yield problem("strings", path, "file_missing", purpose="strings")
            continue
        table, problems = parse_toml("strings", path, package.files[path])
        yield from problems
        texts: Texts = {}
        yield from _flatten(path, package.files[path], table, (), texts)
        tables[locale] = texts
    for path in package.folder("strings"):
        if path not in FILES.values():
            yield problem("strings", path, "unknown_file", known=", ".join(FILES.values()), meant="")
    if len(tables) == 2:
        yield from _namespace(package, tables)
        yield from _compare(package, tables)


def _namespace(package: Package, tables: dict[str, Texts]) -> Iterator[Problem]:
    name = package.manifest.id if package.manifest else package.name
    for locale, texts in tables.items():
        lines = toml_lines(package.files[FILES[locale]].decode())
        for key in texts:
            if name and key[0] != name:
                yield problem("strings", place(FILES[locale], line_of(lines, key)), "namespace",
                              field=".".join(key), package=name)  # fmt: skip


def _flatten(path: str, content: bytes, table: dict[str, Any], at: tuple[str, ...], out: Texts) -> Iterator[Problem]:
    for name, value in table.items():
        here = (*at, name)
        if isinstance(value, dict):
            yield from _flatten(path, content, value, here, out)
        elif isinstance(value, str) and value.strip():
            out[here] = value
        else:
            line = line_of(toml_lines(content.decode()), here)
            yield problem("strings", place(path, line), "string_empty", field=".".join(here))


def _compare(package: Package, tables: dict[str, Texts]) -> Iterator[Problem]:
    lines = {locale: toml_lines(package.files[path].decode()) for locale, path in FILES.items()}
    for here, there in (("zh", "en"), ("en", "zh")):
        for key in tables[here].keys() - tables[there].keys():
            others = [".".join(k) for k in tables[there].keys() - tables[here].keys()]
            yield problem("strings", place(FILES[here], line_of(lines[here], key)), "string_missing",
                          field=".".join(key), file=FILES[there], meant=guess(".".join(key), others))  # fmt: skip
    for key in tables["zh"].keys() & tables["en"].keys():
        names = {locale: _placeholders(tables[locale][key]) for locale in FILES}
        if names["zh"] != names["en"]:
            yield problem(
                "strings",
                place(FILES["en"], line_of(lines["en"], key)),
                "string_placeholders",
                field=".".join(key),
                zh=", ".join(sorted(names["zh"])),
                en=", ".join(sorted(names["en"])),
            )


def _placeholders(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        return {"(broken braces)"}


RULE = Rule("strings", "strings/zh.toml and strings/en.toml hold the same keys with the same placeholders.", check)

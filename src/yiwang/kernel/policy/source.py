"""Reading ``.cedar`` files: statements with their lines, annotations that are checked, syntax trees.

The Cedar parser gives no line for an error, so a file is first cut into statements and each is parsed alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import cedarpy
from cedarpy import pst

from yiwang.kernel.errors import Problem
from yiwang.kernel.policy.obligations import Duties, parse_duties

_ID = re.compile(r"^[a-z][a-z0-9_-]*(\.[a-z0-9_-]+)+$")
#: Annotations that a policy may carry; another name is taken for a typing error.
ANNOTATIONS = {"id", "title_zh", "title_en", "mask", "rows", "watermark", "expires"}
OBLIGING = {"mask", "rows", "watermark", "expires"}
#: A statement longer than this is no policy that an auditor can read.
MAX_STATEMENT = 8_000


@dataclass(frozen=True)
class Source:
    """One file of policies; ``package`` is the scenario package it came with, None for the rooms' own."""

    where: str
    text: str
    package: str | None = None


@dataclass(frozen=True)
class Policy:
    """One policy statement: where it stands, its tree, its human title, what it obliges to."""

    id: str
    where: str
    text: str
    tree: pst.Template
    title: dict[str, str]
    duties: Duties
    package: str | None = None

    @property
    def permits(self) -> bool:
        """Whether this is a permit and not a forbid."""
        return self.tree.effect == "permit"


def of_packages(packages: Iterable[str]) -> list[Source]:
    """The ``policies/*.cedar`` files of Python packages, in order."""
    found = []
    for package in packages:
        folder = files(package) / "policies"
        if not folder.is_dir():
            continue
        place = f"{package.replace('.', '/')}/policies"
        cedar = (item for item in folder.iterdir() if item.name.endswith(".cedar"))
        found += [Source(f"{place}/{item.name}", item.read_text("utf-8")) for item in sorted(cedar, key=_by_name)]
    return found


def _by_name(item: Traversable) -> str:
    return item.name


def parse(source: Source, problems: list[Problem]) -> list[Policy]:
    """Every policy of a file; what is wrong goes to ``problems`` with file and line."""
    policies = []
    for line, statement in statements(source.text):
        where = f"{source.where}:{line}"
        tree = _tree(statement, where, problems)
        if tree is None:
            continue
        policy = _policy(source, where, statement, tree, problems)
        if policy is not None:
            policies.append(policy)
    return policies


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Cut text at the semicolons that end statements (not those in strings and comments): (line, statement)."""
    start = position = 0
    token = re.compile(r'"(?:[^"\\]|\\.)*"|//[^\n]*|;', re.S)
    while match := token.search(text, position):
        position = match.end()
        if match.group() == ";":
            yield _placed(text, start, position)
            start = position
    if _bare(text[start:]):
        yield _placed(text, start, len(text))


def _placed(text: str, start: int, end: int) -> tuple[int, str]:
    lead = re.compile(r"(?:\s+|//[^\n]*)*").match(text, start, end)
    begin = lead.end() if lead else start
    return text.count("\n", 0, begin) + 1, text[begin:end]


def _bare(text: str) -> str:
    return re.sub(r"//[^\n]*", "", text).strip()


def _tree(statement: str, where: str, problems: list[Problem]) -> pst.Template | None:
    if len(statement) > MAX_STATEMENT:
        problems.append(problem(where, "syntax", f"the statement is longer than {MAX_STATEMENT} characters"))
        return None
    try:
        tree = cedarpy.policies_to_pst(statement)
    except ValueError as error:
        problems.append(problem(where, "syntax", f"cannot be read: {error}"))
        return None
    if tree.templates or len(tree.static_policies) != 1:
        problems.append(problem(where, "syntax", "must be exactly one policy without slots"))
        return None
    return next(iter(tree.static_policies.values()))


def _policy(source: Source, where: str, statement: str, tree: pst.Template, problems: list[Problem]) -> Policy | None:
    notes = dict(tree.annotations)
    found: list[str] = [f"unknown annotation @{name}" for name in sorted(set(notes) - ANNOTATIONS)]
    if not _ID.match(notes.get("id", "")):
        found.append('needs @id("room.name"), lower case with a dot')
    found += [f"needs @{name}" for name in ("title_zh", "title_en") if not notes.get(name, "").strip()]
    if tree.effect == "forbid":
        found += [f"a forbid cannot oblige: @{name}" for name in sorted(OBLIGING & set(notes))]
    duties = Duties()
    try:
        duties = parse_duties(notes)
    except ValueError as error:
        found.append(str(error))
    problems.extend(problem(where, "annotation", text) for text in found)
    if found:
        return None
    title = {"zh": notes["title_zh"], "en": notes["title_en"]}
    return Policy(notes["id"], where, statement, tree, title, duties, source.package)


def problem(where: str, rule: str, text: str) -> Problem:
    """A Problem of a policy file; the text is shown as it is."""
    return Problem(where, "policy.problem.policy", {"text": text}, f"policy-{rule}", text)

"""Every element that is referred to has an id, no id is used twice, and ids are plain enough for links."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.document import Document, line_of
from yiwang.kernel.process.engine.names import BPMN, DEFINITIONS, NODES
from yiwang.kernel.process.engine.rules.base import Context

NAME = "identities"
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,79}")


def check(document: Document, context: Context) -> Iterator[Problem]:
    """Look at the ids of the file."""
    first: dict[str, int] = {}
    for element in document.root.iter():
        name = etree.QName(element)
        if name.namespace != BPMN:
            continue
        identity, line = element.get("id"), line_of(element)
        needed = name.localname in NODES | DEFINITIONS | {"process", "sequenceFlow"}
        if needed and (identity is None or _ID.fullmatch(identity) is None):
            text = f"<{name.localname}> needs an id of letters, digits, _ . - and not {identity!r}"
            yield context.problem(line, NAME, "bad_id", text, element=name.localname, id=identity or "")
        if identity and identity in first:
            text = f"the id {identity!r} is used twice, first on line {first[identity]}"
            yield context.problem(line, NAME, "duplicate_id", text, id=identity, first=first[identity])
        elif identity:
            first[identity] = line

"""XML from strangers: bounded, without entities, without a document type, without the network."""

from __future__ import annotations

from lxml import etree

from yiwang.kernel.errors import Problem
from yiwang.kernel.process.engine.errors import ProcessInvalid
from yiwang.kernel.process.engine.names import MAX_BYTES, MAX_ELEMENTS


def parse_xml(xml: bytes, file: str) -> etree._Element:
    """The root element. Raises ProcessInvalid with the line of the first thing that is wrong."""
    if len(xml) > MAX_BYTES:
        raise _invalid(file, 1, "too_large", f"the file is larger than {MAX_BYTES} bytes", limit=MAX_BYTES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        line = getattr(wrong, "lineno", None) or 1
        raise _invalid(file, line, "not_xml", f"not well-formed XML: {wrong}", reason=str(wrong)) from None
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise _invalid(file, 1, "doctype", "a document type declaration is not allowed")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise _invalid(file, 1, "too_large", f"the file has more than {MAX_ELEMENTS} elements", limit=MAX_ELEMENTS)
    return root


def _invalid(file: str, line: int, kind: str, text: str, **params: object) -> ProcessInvalid:
    problem = Problem(where=f"{file}:{line}", key=f"engine.rule.{kind}", params=params, rule="xml", text=text)
    return ProcessInvalid(file, [problem])

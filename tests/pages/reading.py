"""Reads a page as a person does: visible sentences, hints, names for a screen reader."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

_HIDDEN = {"script", "style", "template", "noscript", "svg", "head"}
_ATTRIBUTES = ("placeholder", "title", "aria-label", "alt", "data-label", "aria-description", "aria-roledescription")
#: What looks like a string that was not found, a template that was not filled, or code.
KEY = re.compile(r"\b(?:error|web|govern|work|serve|share|assess|identity|policy|process|orgs?|scenarios?|notices?|"
                 r"forms?|kernel|audit|events?|calendar)(?:\.[a-z_]+){1,4}\b")  # fmt: skip
UNFILLED = re.compile(r"\{[a-z_]+\}|^None$|\bUndefined\b|Traceback|<[a-z_.]+ object at")
WORD = re.compile(r"[A-Za-z]{2,}")


def sentences(text: str) -> Iterator[tuple[str, str]]:
    """(where, text) of everything that a reader of the page meets."""
    page = html.fromstring(text)
    title = page.find(".//title")
    if title is not None and title.text:
        yield "title", title.text.strip()
    yield from _of(page.find("body"))


def _of(element: html.HtmlElement) -> Iterator[tuple[str, str]]:
    if not isinstance(element.tag, str) or element.tag in _HIDDEN:
        return
    if element.get("lang") is None or element.tag in {"html", "body"}:  # what names its language is read in it
        for name in _ATTRIBUTES:
            if element.get(name, "").strip():
                yield f"{element.tag}[{name}]", element.get(name).strip()
        if element.tag == "input" and element.get("type") in {"submit", "button"} and element.get("value"):
            yield "button", element.get("value")
        if element.text and element.text.strip():
            yield element.tag, element.text.strip()
        for child in element:
            yield from _of(child)
            if child.tail and child.tail.strip():
                yield element.tag, child.tail.strip()


def is_page(answer) -> bool:
    """Whether an answer is a page for a reader."""
    return answer.headers.get("content-type", "").startswith("text/html")


def language(text: str) -> str:
    """The lang attribute of the page."""
    found = re.search(r"<html[^>]*\blang=\"([^\"]+)\"", text)
    return found[1] if found else ""


def links(text: str) -> list[str]:
    """Where the page leads on this site, without what is not a page."""
    found = html.fromstring(text).xpath("//a/@href")
    return [h.split("#")[0] for h in found if h.startswith("/") and not h.startswith(("//", "/static", "/prefs"))]

"""The OpenAPI document as callers meet it: every refusal of every operation as RFC 9457 problem details.

Errors are answered in one place (``problems.py``), so they are described in one place too; a route says only what is
special about its own.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

KIND = "application/problem+json"
_REF = {"schema": {"$ref": "#/components/schemas/Problem"}}
_TEXT = {"type": "string"}

#: What ``problems.py`` writes. Closed, so that a test notices when the two drift apart.
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "Problem details of RFC 9457: what happened, and what to do next, in the caller's language.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "additionalProperties": False,
    "properties": {
        "type": _TEXT | {"description": "Names the kind of problem, urn:yiwang:..."},
        "title": _TEXT | {"minLength": 1},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": _TEXT,
        "instance": _TEXT | {"description": "The path that was asked"},
        "request_id": _TEXT | {"description": "To name when asking for help; the logs carry it"},
        "errors": {
            "type": "array",
            "description": "One entry per field, or per place in a file",
            "items": {
                "type": "object",
                "required": ["where", "detail", "rule"],
                "additionalProperties": False,
                "properties": {"where": _TEXT, "detail": _TEXT, "rule": _TEXT},
            },
        },
        "reasons": {"type": "array", "items": _TEXT, "description": "Which rules refused"},
        "refusal": _TEXT | {"description": "Key of the page that explains the refusal: /why/{refusal}"},
    },
}

_ALWAYS = {
    "401": "Nobody is signed in, or the token is not valid",
    "403": "The policy does not allow this, or the CSRF token is missing",
    "422": "What was sent does not fit; errors names each field",
    "503": "A part that this needs does not answer now",
}
_NAMED = {"404": "There is no such thing, or you may not know of it"}
_SENT = {
    "400": "The body cannot be read",
    "409": "Somebody was faster, or its state does not allow this",
    "413": "The body is larger than the limit",
    "429": "Too many requests",
}


def describe(app: FastAPI) -> None:
    """Let the application write its OpenAPI document with every refusal in it; done once, when first asked."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        done = app.openapi_schema is not None
        document = plain()
        return document if done else with_refusals(document)

    app.openapi = openapi  # type: ignore[method-assign]


def with_refusals(document: dict[str, Any]) -> dict[str, Any]:
    """The document, changed in place: problem details beside every operation of ``/api/``, and for every 422."""
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = PROBLEM
    for path, operations in document.get("paths", {}).items():
        for operation in operations.values():
            _refusals_of(path, operation)
    return document


def _refusals_of(path: str, operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation.setdefault("responses", {})
    added = dict(_ALWAYS) if path.startswith("/api/") else {}
    if added and "{" in path:
        added |= _NAMED
    if added and "requestBody" in operation:
        added |= _SENT
    for code, text in added.items():
        responses.setdefault(code, {"description": text})
    for code, told in responses.items():
        if code == "422" or (code[0] in "45" and path.startswith("/api/")):
            told["content"] = {KIND: _REF}
    if "422" in responses and responses["422"].get("description") == "Validation Error":
        responses["422"]["description"] = _ALWAYS["422"]

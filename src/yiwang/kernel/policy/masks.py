"""Masking of personal data in rows: 张*明, 138****1234, 320***********1234.

What may still be seen follows the usual practice of Chinese government pages (GB/T 35273-2020, clause 7.2: only what
is needed to recognise the record is shown).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_CJK = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff·]")
_COUNTRY = re.compile(r"\+\d{1,3}[ -]|\+86")
_DIGITS = re.compile(r"\d")


def mask_name(value: str) -> str:
    """张三 -> 张*, 张小明 -> 张*明, 欧阳小明 -> 欧**明, John Smith -> J*** S****."""
    if not _CJK.search(value):
        return " ".join(word[:1] + "*" * (len(word) - 1) for word in value.split())
    if len(value) <= 2:
        return value[:1] + "*" * max(len(value) - 1, 1)
    return value[0] + "*" * (len(value) - 2) + value[-1]


def mask_phone(value: str) -> str:
    """13812341234 -> 138****1234; of a short number only the last two digits stay, and a country code always does."""
    if (code := _COUNTRY.match(value)) and code.end() < len(value):
        return code.group() + mask_phone(value[code.end() :])
    total = len(_DIGITS.findall(value))
    head, tail = (3, 4) if total >= 10 else (0, 2) if total >= 5 else (0, 0)
    seen = 0

    def hide(match: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        return match.group() if seen <= head or seen > total - tail else "*"

    return _DIGITS.sub(hide, value)


def mask_id_number(value: str) -> str:
    """The first three and the last four characters stay of 18; of shorter numbers the last two."""
    head, tail = (3, 4) if len(value) >= 15 else (0, 2) if len(value) > 5 else (0, 0)
    return value[:head] + "*" * (len(value) - head - tail) + (value[-tail:] if tail else "")


def mask_email(value: str) -> str:
    """zhang@example.cn -> z***@example.cn."""
    local, at, domain = value.partition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def mask_address(value: str) -> str:
    """The first six characters (about a district or a street) stay."""
    return value[:6] + "***"


def mask_contact(value: str) -> str:
    """A field that may hold a telephone number or a mail address."""
    return mask_email(value) if "@" in value else mask_phone(value)


def hide(_value: str) -> str:
    """Nothing stays, not even the length."""
    return "***"


#: Kinds of field that can be masked.
MASKS: dict[str, Callable[[str], str]] = {
    "name": mask_name,
    "phone": mask_phone,
    "id_number": mask_id_number,
    "email": mask_email,
    "address": mask_address,
    "contact": mask_contact,
    "point": hide,
    "text": hide,
}
#: Short names for several kinds at once.
GROUPS: dict[str, frozenset[str]] = {
    "contact": frozenset({"phone", "email", "contact"}),
    "identity": frozenset({"name", "id_number"}),
    "place": frozenset({"address", "point"}),
    "all": frozenset(MASKS),
}
#: Field names that mean the same everywhere; a resource type adds its own under ``sensitive``.
USUAL: dict[str, str] = {
    **dict.fromkeys(("phone", "mobile", "telephone", "contact_phone", "reporter_phone"), "phone"),
    **dict.fromkeys(("contact_name", "reporter_name", "person_name", "real_name", "applicant_name"), "name"),
    **dict.fromkeys(("id_number", "id_card"), "id_number"),
    **dict.fromkeys(("email", "contact_email"), "email"),
    **dict.fromkeys(("contact", "reporter_contact"), "contact"),
    "home_address": "address",
}


def apply_mask(row: Mapping[str, Any], mask: frozenset[str], kinds: Mapping[str, str] = USUAL) -> dict[str, Any]:
    """A copy of the row with the fields of the masked kinds hidden, at any depth of nested objects and lists.

    ``kinds`` maps a field name to its kind. A value that is no text (a point, a number) is replaced by ``"***"``.
    """
    return {name: _masked(name, value, mask, kinds) for name, value in row.items()}


def _masked(name: str, value: Any, mask: frozenset[str], kinds: Mapping[str, str]) -> Any:
    kind = kinds.get(name)
    if kind in mask and value not in (None, ""):
        return _hidden(value, kind)
    if isinstance(value, Mapping):
        return apply_mask(value, mask, kinds)
    if isinstance(value, list | tuple):
        return [_masked("", item, mask, kinds) for item in value]
    return value


def _hidden(value: Any, kind: str | None) -> Any:
    if isinstance(value, list | tuple):
        return [_hidden(item, kind) for item in value]
    if isinstance(value, int) and kind in ("phone", "id_number"):
        value = str(value)
    return MASKS[kind](value) if isinstance(value, str) and kind else "***"

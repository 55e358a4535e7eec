"""Phones and mail addresses: one written form for each, and how a listing shows them."""

import re

_PHONE = re.compile(r"\+?[0-9]{7,15}")
_MAIL = re.compile(r"[^\s@<>\"',;]{1,64}@[^\s@<>\"',;]{1,255}\.[^\s@<>\"',;.]{2,63}")


def normal_phone(text: str, *, country: str = "86") -> str | None:
    """E.164 (+8613812345678), or None when it cannot be a phone number."""
    digits = re.sub(r"[\s()\-.]", "", text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    if not _PHONE.fullmatch(digits):
        return None
    if digits.startswith("+"):
        return digits
    if country == "86" and not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        return None
    return f"+{country}{digits}"


def normal_mail(text: str) -> str | None:
    """The address in lower case (all providers people use treat it so), or None when it cannot be one."""
    folded = text.strip().lower()
    return folded if _MAIL.fullmatch(folded) else None


def normal_login(text: str) -> str:
    """A sign-in name as stored: trimmed, lower case."""
    return text.strip().casefold()


def masked(channel: str, value: str) -> str:
    """What a listing shows: 138****5678, z***@example.com."""
    if channel == "email":
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    local = value.removeprefix("+86")
    return f"{local[:3]}****{local[-4:]}" if len(local) > 7 else "****"

"""Numbers, times and sizes as people read them, in Chinese and English. Pure; times are shown in the city's zone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(value: datetime, locale: str, zone: ZoneInfo, now: datetime) -> str:
    """Date and time to the minute; the year only when it is not the current one."""
    local = value.astimezone(zone)
    clock = f"{local:%H:%M}"
    return f"{day(local.date(), locale, now.astimezone(zone).date())} {clock}"


def day(value: date, locale: str, today: date) -> str:
    """A date; the year only when it is not the current one."""
    same = value.year == today.year
    if locale == "zh":
        return f"{value.month}月{value.day}日" if same else f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]}" if same else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def span(length: timedelta, locale: str) -> str:
    """A length of time in its largest sensible unit: minutes below an hour, hours below two days, else days."""
    minutes = int(abs(length).total_seconds() // 60)
    if minutes < 1:
        return "不到 1 分钟" if locale == "zh" else "under 1 minute"
    if minutes < 60:
        amount, zh, en = minutes, "分钟", "minute"
    elif minutes < 48 * 60:
        amount, zh, en = minutes // 60, "小时", "hour"
    else:
        amount, zh, en = minutes // 1440, "天", "day"
    return f"{amount} {zh}" if locale == "zh" else f"{amount} {en}{'' if amount == 1 else 's'}"


def ago(value: datetime, locale: str, now: datetime) -> str:
    """How long ago, or how soon."""
    length = span(now - value, locale)
    if value <= now:
        return f"{length}前" if locale == "zh" else f"{length} ago"
    return f"{length}后" if locale == "zh" else f"in {length}"


def number(value: float | int, digits: int | None = None) -> str:
    """Thousands grouped, at most ``digits`` decimals (default: none for integers, two otherwise, no trailing zeros)."""
    if isinstance(value, int) or digits == 0:
        return f"{value:,.0f}" if not isinstance(value, int) else f"{value:,}"
    text = f"{value:,.{2 if digits is None else digits}f}"
    return text.rstrip("0").rstrip(".") if digits is None else text


def percent(part: float | int, whole: float | int, digits: int = 1) -> str:
    """A share as per cent; a dash when there is nothing to share."""
    return f"{100 * part / whole:.{digits}f}%" if whole else "—"


def size(octets: int) -> str:
    """A file size in kB or MB."""
    if octets < 1024:
        return f"{octets} B"
    return f"{octets / 1024:.0f} kB" if octets < 1024 * 1024 else f"{octets / 1024 / 1024:.1f} MB"

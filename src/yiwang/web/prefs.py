"""What a visitor chose about reading: language, theme, size. One small cookie, no script needed."""

from __future__ import annotations

from dataclasses import dataclass, replace

COOKIE = "yw_prefs"
LANGUAGES = ("zh", "en")
THEMES = ("auto", "light", "dark")
SIZES = ("normal", "elder")


@dataclass(frozen=True)
class Prefs:
    """Language (None until chosen), theme and size of one visitor."""

    language: str | None = None
    theme: str = "auto"
    size: str = "normal"

    @classmethod
    def read(cls, cookie: str | None) -> Prefs:
        """The preferences in a cookie like ``zh.dark.elder``; whatever it does not know is ignored."""
        words = (cookie or "").split(".")
        return cls(
            language=next((w for w in words if w in LANGUAGES), None),
            theme=next((w for w in words if w in THEMES), "auto"),
            size=next((w for w in words if w in SIZES), "normal"),
        )

    def dump(self) -> str:
        """The value of the cookie."""
        return ".".join(word for word in (self.language, self.theme, self.size) if word)

    def changed(self, lang: str | None = None, theme: str | None = None, size: str | None = None) -> Prefs:
        """A copy with the given choices; unknown ones are ignored."""
        result = self
        if lang in LANGUAGES:
            result = replace(result, language=lang)
        if theme in THEMES:
            result = replace(result, theme=theme)
        if size in SIZES:
            result = replace(result, size=size)
        return result


def preferred_language(accept: str | None) -> str:
    """The language of ``Accept-Language``: English when it is named before Chinese, else Chinese."""
    best: dict[str, float] = {}
    for part in (accept or "").split(",")[:20]:
        tag, _, quality = part.strip().partition(";q=")
        language = tag.split("-")[0].lower()
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            weight = 0.0
        if language in LANGUAGES:
            best[language] = max(best.get(language, 0.0), weight)
    # A tie is decided by the order of the header; dicts keep it.
    return max(best, key=lambda language: best[language]) if best else "zh"


def local_path(path: str | None, default: str = "/") -> str:
    """``path`` when it is an address of this site, else ``default``: nobody is sent elsewhere by a link to us."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or len(path) > 2000:
        return default
    return default if any(ord(c) < 32 for c in path) or "\\" in path else path

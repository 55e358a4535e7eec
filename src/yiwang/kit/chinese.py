"""Chinese text as keys: a pinyin key to sort by and bigrams to search by.

The embedded PostgreSQL has neither ICU collations nor trigrams, so order and search both rest on keys that are computed
once, in Python, and stored beside the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: One run of Han characters, or one run of letters and digits of any other script.
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
#: Longest key: an index row must stay far below PostgreSQL's 2,704 bytes.
_MAX_KEY = 200


def normalise(text: str) -> str:
    """Fold full-width forms, case and runs of blanks, so that ＡＢ１ and ab1 compare equal."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_han(char: str) -> bool:
    """Whether one character is a Chinese character (the unified ideographs and their extensions)."""
    code = ord(char)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


@lru_cache(maxsize=16384)
def pinyin_key(text: str) -> str:
    """An ASCII key that sorts Chinese names by pinyin: one blank-separated syllable with tone a character.

    Other text is folded and kept, so mixed names sort sensibly.  At most 200 characters.
    """
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a tenth of a second to load

    return " ".join(lazy_pinyin(normalise(text), style=Style.TONE3, neutral_tone_with_five=True))[:_MAX_KEY]


@lru_cache(maxsize=16384)
def pinyin_initials(text: str) -> str:
    """First letters of the pinyin (无锡市 -> wxs), for typing a name quickly; other characters are kept."""
    from pypinyin import lazy_pinyin

    folded = normalise(text).replace(" ", "")
    return "".join(lazy_pinyin(char)[0][:1] if is_han(char) else char for char in folded)[:_MAX_KEY]


def bigrams(text: str) -> list[str]:
    """Search keys of a stored text, each once, in order of appearance.

    Han runs give their overlapping pairs and single characters (无锡市 -> 无锡, 锡市, 无, 锡, 市); other runs are
    kept whole as words.  A text that contains a query as a substring of Han characters contains all of
    `query_bigrams(query)`.
    """
    return list(dict.fromkeys(gram for run in _RUN.findall(normalise(text)) for gram in _grams(run)))


def _grams(run: str) -> list[str]:
    if not is_han(run[0]):
        return [run]
    return [run[i : i + 2] for i in range(len(run) - 1)] + list(run)


def query_bigrams(text: str) -> list[str]:
    """Keys that a match must all contain: pairs of each Han run (a lone character as it is), and whole words."""
    keys: list[str] = []
    for run in _RUN.findall(normalise(text)):
        keys += [run] if len(run) == 1 or not is_han(run[0]) else [run[i : i + 2] for i in range(len(run) - 1)]
    return list(dict.fromkeys(keys))

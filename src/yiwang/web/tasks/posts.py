"""Choosing posts without script: what a search finds, and whom one probably means before searching."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.kernel.orgs import Directory, Org, Post
from yiwang.kit.chinese import normalise, pinyin_initials

MOST_ORGS, MOST_FOUND, SUGGESTED = 20, 40, 12
#: Roles that look after the system and its data, not after cases: found by a search, not suggested.
_KEEPERS = frozenset({"admin", "auditor", "steward"})


@dataclass(frozen=True, slots=True)
class Choice:
    """A post to choose: its id, its title, its organisation."""

    id: int
    title: str
    org: str


def choice_of(directory: Directory, post: Post, locale: str) -> Choice:
    """A post in the words of a reader."""
    return Choice(post.id, post.title(locale), directory.org(post.org).name(locale))


def named(directory: Directory, posts: Iterable[int], locale: str) -> list[Choice]:
    """The posts of these ids that exist and are open, in their order."""
    known = directory.snapshot.posts
    found = [known[post] for post in dict.fromkeys(posts) if post in known]
    return [choice_of(directory, post, locale) for post in found if post.closed_at is None]


def find_posts(directory: Directory, text: str, locale: str, *, leave_out: int | None = None) -> list[Choice]:
    """Posts by words of organisation and title, in Chinese, English or pinyin initials (lxcg = 梁溪城管).

    Each word may match the organisation or the title. The organisations that fit best come first.
    """
    words = normalise(text[:60]).split()
    if not words:
        return []
    found: list[Choice] = []
    for org in _orgs(directory, words):
        fitting = [one for one in directory.posts_in(org.id) if one.id != leave_out and _fits(org, one, words)]
        found += [choice_of(directory, one, locale) for one in fitting]
        if len(found) >= MOST_FOUND:
            break
    return found[:MOST_FOUND]


def _orgs(directory: Directory, words: list[str]) -> list[Org]:
    by_words = {org.id: org for word in words for org in directory.search_orgs(word, MOST_ORGS * 3)}
    if not by_words:  # a title alone was typed: organisations in their order, from the city down
        return directory.orgs()
    return sorted(by_words.values(), key=lambda org: (-sum(_in_org(org, word) for word in words), len(org.code)))


def _fits(org: Org, post: Post, words: list[str]) -> bool:
    return all(_in_org(org, word) or _in_title(post, word) for word in words)


def _in_org(org: Org, word: str) -> bool:
    return (
        word in normalise(org.name_zh) or word in normalise(org.name_en) or org.code.startswith(word)
        or (word.isascii() and word in pinyin_initials(org.name_zh))
    )  # fmt: skip


def _in_title(post: Post, word: str) -> bool:
    return (
        word in normalise(post.title_zh) or word in normalise(post.title_en)
        or (word.isascii() and word in pinyin_initials(post.title_zh))
    )  # fmt: skip


def near(directory: Directory, post: int, area: str, locale: str) -> list[Choice]:
    """Before anybody has searched: the other posts of the same organisation, then those who work around the place."""
    own = directory.post(post)
    found = [one for one in directory.posts_in(own.org) if one.id != post and one.role not in _KEEPERS]
    divisions = reversed(directory.chain(area)) if area in directory.snapshot.divisions else []
    for division in divisions:
        for org in directory.orgs_at(division.code):
            if org.id != own.org and division.level > 1:
                found += [
                    one for one in directory.posts_in(org.id) if one.role in ("handler", "dispatcher", "verifier")
                ]
    return [choice_of(directory, one, locale) for one in dict.fromkeys(found)][:SUGGESTED]

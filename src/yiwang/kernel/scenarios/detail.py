"""What pages show of packages: the list, and one package with everything that it brings."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import nh3
from markdown_it import MarkdownIt

from yiwang.kernel.runtime import Runtime
from yiwang.kernel.scenarios import store
from yiwang.kernel.scenarios.errors import PackageNotFound
from yiwang.kernel.scenarios.formats import RUNGS
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.scan import scan
from yiwang.kernel.scenarios.store import Installed
from yiwang.kernel.scenarios.storybook.parse import parse_story
from yiwang.kernel.write import Actor, Resource

TIERS = ("none", *RUNGS)


@dataclass(frozen=True)
class Detail:
    """One installed package, ready for a page in one locale. `processes` maps a key to title and XML."""

    installed: Installed
    manifest: dict[str, Any]
    readme_html: str
    versions: list[dict[str, Any]]
    processes: list[dict[str, Any]]
    forms: list[dict[str, Any]]
    services: list[dict[str, Any]]
    datasets: list[dict[str, Any]]
    indicators: list[dict[str, Any]]
    stories: list[dict[str, Any]]
    ladder: list[dict[str, Any]]
    opens: list[dict[str, str]]


async def list_scenarios(rt: Runtime, actor: Actor) -> list[Installed]:
    """Every package that was ever installed, those in use first. Raises Refused."""
    async with rt.read(actor) as conn:
        return await store.everything(conn)


async def scenario_detail(rt: Runtime, actor: Actor, package_id: str, locale: str = "zh") -> Detail:
    """One package in its present version. Raises PackageNotFound."""
    async with rt.read(actor) as conn:
        installed = await store.find(conn, package_id)
        content = await store.archive(conn, package_id, installed.version) if installed else None
        versions = await store.versions(conn, package_id)
    if installed is None or content is None:
        raise PackageNotFound(f"no package {package_id} is installed", package=package_id)
    package = Package.of_zip(content)
    return Detail(
        installed=installed,
        manifest=package.manifest.model_dump(mode="json") if package.manifest else {},
        readme_html=readme_html(package, locale),
        versions=versions,
        processes=_processes(package),
        forms=_forms(package),
        services=[item.model_dump(mode="json") for item in package.services.values()],
        datasets=[item.model_dump(mode="json") for item in package.datasets.values()],
        indicators=[i.model_dump(mode="json") for views in package.views.values() for i in views.indicator],
        stories=_stories(package),
        ladder=ladder(package),
        opens=versions[0]["opens"] if versions else [],
    )


def scenario_resource(package_id: str) -> Resource:
    """The resource that decisions about a package are made on."""
    return Resource("scenario", package_id)


def readme_html(package: Package, locale: str) -> str:
    """The README of a locale as HTML that is safe to put into a page: no script, no style, no form, no frame."""
    names = ("README.zh-CN.md", "README.md") if locale == "zh" else ("README.md", "README.zh-CN.md")
    content = next((package.files[name] for name in names if name in package.files), b"")
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    html = markdown.render(content.decode("utf-8", "replace"))
    html = nh3.clean(html, url_schemes={"http", "https", "mailto"}, link_rel="noopener noreferrer nofollow")
    # A long line scrolls inside its box, which the keyboard must be able to reach (WCAG 2.1.1).
    return html.replace("<pre>", '<pre tabindex="0">')


def _heading(renderer: Any, tokens: Any, at: int, options: Any, _env: Any) -> str:
    """Two levels down: the page has the one main heading, and the panel has the next."""
    token = tokens[at]
    token.tag = f"h{min(int(token.tag[1]) + 2, 6)}"
    return str(renderer.renderToken(tokens, at, options, _env))


def ladder(package: Package) -> list[dict[str, Any]]:
    """Every rung in order with its tier, status and reason; a rung that the file does not answer is `todo`."""
    rungs = package.quality.rungs if package.quality else {}
    return [
        {
            "tier": tier,
            "rung": name,
            "status": rungs[name].status if name in rungs else "todo",
            "because": because.model_dump() if name in rungs and (because := rungs[name].because) else None,
        }
        for tier, names in RUNGS.items()
        for name in names
    ]


def _processes(package: Package) -> list[dict[str, Any]]:
    found = []
    for path, xml in package.folder("processes").items():
        diagram = scan(path, xml)
        steps = [
            {"id": s.id, "name": s.name, "name_en": s.name_en, "role": s.attrs.get("role", "")} for s in diagram.tasks()
        ]
        found.append({"key": diagram.key, "file": path, "xml": xml.decode("utf-8", "replace"), "steps": steps})
    return found


def _forms(package: Package) -> list[dict[str, Any]]:
    forms = []
    for path, content in package.folder("forms").items():
        schema = json.loads(content)
        forms.append({"key": PurePosixPath(path).stem, "file": path, "schema": schema})
    return forms


def _stories(package: Package) -> list[dict[str, Any]]:
    found = []
    for path, content in package.folder("stories").items():
        story, _ = parse_story(path, content)
        if story is not None:
            steps = len(story.lines)
            text = content.decode("utf-8", "replace")
            found.append(
                {"file": path, "title": story.title.model_dump(), "at": story.at, "steps": steps, "text": text}
            )
    return found

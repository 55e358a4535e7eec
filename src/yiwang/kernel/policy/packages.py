"""Policies of scenario packages: they may permit (and forbid) only on the package's own resources.

A package's policy names its principal's kind, lists the actions, and confines the resource in its head, where no
condition can undo it::

    @id("gas-safety.volunteers")
    @title_zh("志愿者可以查看燃气隐患任务")
    @title_en("Volunteers may see gas hazard tasks")
    permit (principal is Staff, action in [Action::"task.read"], resource in Package::"gas-safety")
    when { principal.roles.contains("volunteer") };
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import cedarpy
from cedarpy import pst

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import Problem
from yiwang.kernel.policy.compiled import validate
from yiwang.kernel.policy.declare import Declarations
from yiwang.kernel.policy.service import Policies
from yiwang.kernel.policy.source import Policy, Source, parse, problem
from yiwang.kernel.runtime import Runtime

q = Queries.load("yiwang.kernel.policy")
MAX_TEXT = 200_000
_WHO = {
    "Staff": ("工作人员", "staff"),
    "Resident": ("登录的居民", "residents who are signed in"),
    "Anonymous": ("未登录的访客", "visitors who are not signed in"),
    "Client": ("接入的系统", "connected systems"),
    "System": ("系统自身", "the system itself"),
}


def check_package_policies(
    text: str, package_id: str, *, file: str = "policies", modules: Iterable[str] = ()
) -> list[Problem]:
    """Everything wrong with one ``policies/*.cedar`` of a package.

    ``modules`` are the Python packages of the installed rooms (``registry.packages()``), whose declarations say which
    actions there are and which of them packages may open; without them only the form is checked.
    """
    if len(text) > MAX_TEXT:
        return [problem(file, "size", f"the file is longer than {MAX_TEXT} characters")]
    problems: list[Problem] = []
    declarations, schema = _known(tuple(modules))
    taken: dict[str, str] = {}
    for policy in parse(Source(file, text, package_id), problems):
        problems += [problem(policy.where, "package", text) for text in _confined(policy, package_id, declarations)]
        if policy.id in taken:
            problems.append(problem(policy.where, "id", f"@id {policy.id!r} is already taken at {taken[policy.id]}"))
        taken[policy.id] = policy.where
        if schema is not None:
            problems += validate(policy, schema)
    return problems


def opens(text: str, *, modules: Iterable[str] = ()) -> list[dict[str, str]]:
    """What a package's policies open, one sentence a permit in zh and en, for whoever is about to install it."""
    declarations, _ = _known(tuple(modules))
    permits = [policy for policy in parse(Source("policies", text), []) if policy.permits]
    return [_sentence(policy, declarations) for policy in permits]


@lru_cache(maxsize=8)
def _known(modules: tuple[str, ...]) -> tuple[Declarations | None, Any]:
    if not modules:
        return None, None
    declarations = Declarations.of_packages(modules)
    return declarations, cedarpy.Schema.from_str(declarations.schema_text())


def _confined(policy: Policy, package_id: str, declarations: Declarations | None) -> list[str]:
    tree, found = policy.tree, []
    if not policy.id.startswith(f"{package_id}."):
        found.append(f'@id must begin with "{package_id}."')
    own = f'resource in Package::"{package_id}"'
    match tree.resource:
        case pst.ScopeIn(entity=pst.EntityUid() as uid) | pst.ScopeIsIn(entity=pst.EntityUid() as uid):
            if (str(uid.type), uid.id) != ("Package", package_id):
                found.append(f"a package may permit only on its own resources: expected {own}")
        case _:
            found.append(f"the head must confine the resource: expected {own}")
    if not isinstance(tree.principal, pst.ScopeIs):
        found.append(f"the head must name the kind of principal: expected principal is one of {sorted(_WHO)}")
    elif str(tree.principal.entity_type) == "System":
        found.append("a package cannot rule over the system itself")
    return found + _actions_wrong(tree.action, declarations)


def _actions_wrong(constraint: pst.ActionConstraint, declarations: Declarations | None) -> list[str]:
    names = _named(constraint)
    if not names:
        return ["the head must list the actions"]
    if declarations is None:
        return []
    found = []
    for name in names:
        action = declarations.actions.get(name)
        if action is None:
            found.append(f"there is no action {name!r} (a group of actions cannot be named by a package)")
        elif not action.packages:
            found.append(f"the action {name!r} is not open to packages")
    return found


def _named(constraint: pst.ActionConstraint) -> list[str]:
    match constraint:
        case pst.ActionEq(entity=uid):
            return [uid.id]
        case pst.ActionIn(entities=uids):
            return [uid.id for uid in uids]
    return []


def _sentence(policy: Policy, declarations: Declarations | None) -> dict[str, str]:
    kind = str(policy.tree.principal.entity_type) if isinstance(policy.tree.principal, pst.ScopeIs) else ""
    who_zh, who_en = _WHO.get(kind, ("任何人", "anybody"))
    titles: dict[str, list[str]] = {"zh": [], "en": []}
    for name in _named(policy.tree.action):
        action = declarations.actions.get(name) if declarations else None
        for locale, found in titles.items():
            found.append(action.title[locale] if action else name)
    return {
        "zh": f"{who_zh}可以：{'、'.join(titles['zh'])}（{policy.title['zh']}）",
        "en": f"{who_en[:1].upper()}{who_en[1:]} may: {', '.join(titles['en'])} ({policy.title['en']})",
    }


class PolicySection:
    """Installs the ``policies`` folder of packages (the handler of the section)."""

    def check(self, package: Any, known: Any) -> list[Problem]:
        """Nothing more: the validator has a rule of its own, which asks ``check_package_policies``."""
        del package, known
        return []

    async def install(self, act: Any, package: Any, previous: str | None) -> None:
        """Put the files of this version; those of the one before that are no more are taken away."""
        del previous
        identity, texts = package.manifest.id, _cedar(package)
        await act.db.execute(q.drop_package_files, identity, list(texts))
        for path, content in texts.items():
            await act.db.execute(q.put_package_file, identity, path, content, act.now)
        await act.db.execute(q.bump_revision)

    async def remove(self, act: Any, package_id: str) -> None:
        """Take the files away; what they permitted is refused from then on."""
        await act.db.execute(q.drop_package_files, package_id, [])
        await act.db.execute(q.bump_revision)

    async def open_work(self, conn: Any, package_id: str) -> int:
        """Policies hinder no removal."""
        del conn, package_id
        return 0

    async def after(self, rt: Runtime) -> None:
        """Once the installation is committed: this process decides by it at once."""
        await rt.part(Policies).load()


def _cedar(package: Any) -> dict[str, str]:
    files: dict[str, bytes] = package.folder("policies")
    return {path: data.decode("utf-8", "replace") for path, data in files.items() if path.endswith(".cedar")}

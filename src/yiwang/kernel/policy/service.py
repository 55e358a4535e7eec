"""The policy of a running city: loads, decides, notices changes made by other processes."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from yiwang.kernel.db import Queries
from yiwang.kernel.policy.compiled import Compiled, Verdict
from yiwang.kernel.policy.declare import Declarations, PolicyInvalid
from yiwang.kernel.policy.grants import Grant, GrantBook
from yiwang.kernel.policy.masks import USUAL
from yiwang.kernel.policy.obligations import strictest
from yiwang.kernel.policy.refusals import Asked, Refusals, as_system
from yiwang.kernel.policy.ruling import Ruling
from yiwang.kernel.policy.source import Source, of_packages
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Reason, Resource

log = logging.getLogger(__name__)
q = Queries.load("yiwang.kernel.policy")

#: How often a process asks whether another one changed grants or package policies.
LOOK_S = 1.0
#: When it could not find out for so long, a decision waits for the database (and fails with it).
BLIND_S = 60.0
_GRANTED = "core.granted"


class Policies:
    """Implements ``Decider``. One per runtime: ``rt.part(Policies)``."""

    def __init__(self, rt: Runtime) -> None:
        self._rt = rt
        self.refusals = Refusals(rt)
        self._declarations = Declarations.of_packages(rt.registry.packages())
        self._sources = of_packages(rt.registry.packages())
        self.compiled = Compiled(self._declarations, self._sources)
        self._packages: dict[str, dict[str, str]] = {}
        self._grants = GrantBook()
        self._revision = 0
        self._looked = self._seen = 0.0
        self._loading = asyncio.Lock()
        self._reasons: dict[str, Reason] = {}

    async def decide(self, actor: Actor, action: str, resource: Resource, purpose: str | None, now: datetime) -> Ruling:
        """May the actor do this? A refusal is noted and carries its id; every error is a refusal.

        Raises Undeclared when no room declares the action on that type.
        """
        await self._stay_current()
        ruling, verdict = self._rule(actor, action, resource, purpose, now)
        if ruling.allowed:
            return ruling
        if verdict.errors:
            log.warning("a policy erred and so refused", extra={"action": action, "errors": list(verdict.errors)})
        asked = Asked(actor, action, resource, purpose)
        refusal = self.refusals.note(asked, verdict.errors, self.compiled.version, now)
        return Ruling(
            False, ruling.reasons, errors=verdict.errors, refusal_id=refusal, actor=actor, at=now, kinds=ruling.kinds
        )

    async def may(self, actor: Actor, action: str, resource: Resource, *, purpose: str | None = None) -> Ruling:
        """The same without noting a refusal: for menus, buttons and lists, and for reads that enforce obligations."""
        await self._stay_current()
        return self._rule(actor, action, resource, purpose, self._rt.clock.now())[0]

    def _rule(
        self, actor: Actor, action: str, resource: Resource, purpose: str | None, now: datetime
    ) -> tuple[Ruling, Verdict]:
        compiled = self.compiled
        grants = self._grants.matching(actor, action, resource, purpose, now)
        verdict = compiled.verdict(actor, action, resource, purpose or "", bool(grants))
        kinds = self._kinds(resource.type)
        if not verdict.allowed:
            return Ruling(
                False, self._why(verdict.policies), errors=verdict.errors, actor=actor, at=now, kinds=kinds
            ), verdict
        duties = [compiled.policies[name].duties for name in verdict.policies if name != _GRANTED]
        if _GRANTED in verdict.policies:
            duties += [grant.duties for grant in grants]
        duty = strictest(duties).at(now)
        return Ruling(True, self._why(verdict.policies), duty, actor=actor, at=now, kinds=kinds), verdict

    def _why(self, names: Iterable[str]) -> tuple[Reason, ...]:
        return tuple(self._reasons.get(name) or self._reason(name) for name in names)

    def _reason(self, name: str) -> Reason:
        title = self.compiled.policies[name].title
        self._reasons[name] = reason = Reason(name, title["zh"], title["en"])
        return reason

    def _kinds(self, resource_type: str) -> dict[str, str]:
        declared = self._declarations.resources.get(resource_type)
        return {**USUAL, **declared.sensitive} if declared and declared.sensitive else USUAL

    # --- staying current -------------------------------------------------------------------------------------------

    async def load(self) -> None:
        """Read grants and package policies now; called at start and after a change made here."""
        async with self._loading:
            await self._load()

    async def _stay_current(self) -> None:
        tick = time.monotonic()
        if not self._seen or tick - self._seen > BLIND_S:
            await self.load()
        elif tick - self._looked > LOOK_S:
            # In the background: a decision inside a transaction must not wait for a second connection.
            self._looked = tick
            self._rt.spawn(self._look(), "policy.look")

    async def _look(self) -> None:
        try:
            async with self._loading:
                await self._load(only_if_changed=True)
        except Exception:
            log.exception("cannot see whether policies changed")

    async def _load(self, *, only_if_changed: bool = False) -> None:
        async with self._rt.db.transaction("app", readonly=True) as db:
            await as_system(db)
            revision = await db.fetchval(q.revision)
            if not only_if_changed or revision != self._revision:
                await self._read(db)
        self._revision = revision
        self._looked = self._seen = time.monotonic()

    async def _read(self, db: Any) -> None:
        grants = []
        for row in await db.fetch(q.current_grants, self._rt.clock.now()):
            try:
                grants.append(Grant.of_row(row))
            except ValueError:
                log.exception("a grant cannot be read and gives nothing", extra={"grant": str(row["id"])})
        packages: dict[str, dict[str, str]] = {}
        for row in await db.fetch(q.package_files):
            packages.setdefault(row["package"], {})[row["file"]] = row["text"]
        if packages != self._packages:
            self._adopt(packages)
        self._grants = GrantBook(grants)

    def _adopt(self, packages: dict[str, dict[str, str]]) -> None:
        # An upgrade of Yiwang may have dropped what a package relies on: that package's policies are then left out.
        fitting: list[Source] = []
        for package, texts in packages.items():
            sources = [Source(f"{package}/{file}", text, package) for file, text in texts.items()]
            try:
                Compiled(self._declarations, [*self._sources, *fitting, *sources])
            except PolicyInvalid:
                log.exception(
                    "policies of an installed package do not fit and are left out", extra={"package": package}
                )
            else:
                fitting += sources
        self.compiled = Compiled(self._declarations, [*self._sources, *fitting])
        self._packages = packages
        self._reasons.clear()


async def start_policies(rt: Runtime) -> None:
    """Make the policy the one that decides; raises PolicyInvalid (a StartError) with every problem found."""
    policies = rt.part(Policies)
    await policies.load()
    rt.decider = policies


async def prune_refusals(rt: Runtime) -> None:
    """The hourly loop over old refusals."""
    await rt.part(Policies).refusals.prune()

"""Why was I refused: what was asked, which policies were considered, what failed, what would allow it, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from yiwang.kernel.db import Queries
from yiwang.kernel.errors import NotFound
from yiwang.kernel.policy.compiled import Compiled, Scope, handle_of
from yiwang.kernel.policy.conditions import alone, parts, roles_named, sentence
from yiwang.kernel.policy.refusals import Asked
from yiwang.kernel.policy.service import Policies
from yiwang.kernel.policy.source import Policy
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor, Resource

q = Queries.load("yiwang.kernel.policy")
_GRANTED = "core.granted"


@dataclass(frozen=True)
class Condition:
    """One condition of a policy in words, and whether it held (None: it could not be evaluated)."""

    text: str
    met: bool | None


@dataclass(frozen=True)
class Considered:
    """A policy that could have allowed this, or that forbade it."""

    policy_id: str
    title: str
    forbids: bool
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Explanation:
    """Everything that the page shows; ``ask_roles`` and ``org`` let it name people where it may.

    ``changed`` tells that policies changed since, ``allowed_now`` that the same question would be allowed today.
    """

    id: UUID
    at: datetime
    asked: str
    action: str
    resource_type: str
    considered: tuple[Considered, ...] = ()
    would_allow: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    ask_roles: tuple[str, ...] = ()
    org: int | None = None
    area: str = ""
    changed: bool = False
    allowed_now: bool = False
    errors: tuple[str, ...] = field(default=(), repr=False)


async def explain(rt: Runtime, refusal_id: UUID, locale: str, *, actor: Actor) -> Explanation:
    """Explain a stored refusal to the person who was refused, an auditor or an administrator.

    What a visitor without an account was refused is told to whoever knows the refusal's id. Raises NotFound when it is
    not kept any more or is somebody else's.
    """
    policies = rt.part(Policies)
    await policies.refusals.flush()
    async with rt.read_as_system() as conn:
        row = await conn.fetchrow(q.find_refusal, refusal_id)
    if row is None:
        raise NotFound(f"the refusal {refusal_id} is not kept (any more)", key="policy.error.refusal_gone")
    if row["account"] is not None:
        ruling = await policies.may(actor, "refusal.read", Resource("refusal", refusal_id, owner=row["account"]))
        if not ruling.allowed:
            raise NotFound(f"the refusal {refusal_id} is somebody else's", key="policy.error.refusal_gone")
    asked = Asked.load(row["action"], row["asked"])
    return await _explained(rt, policies, row, asked, locale)


async def _explained(rt: Runtime, policies: Policies, row: Any, asked: Asked, locale: str) -> Explanation:
    compiled, t = policies.compiled, rt.strings.t
    declared = compiled.declarations
    action, resource = declared.actions.get(asked.action), declared.resources.get(asked.resource.type)
    what = t(
        "policy.explain.asked", locale, action=action.title[locale] if action else "—",
        resource=resource.title[locale] if resource else "—",
    )  # fmt: skip
    base = {
        "id": row["id"], "at": row["at"], "asked": what, "action": asked.action, "resource_type": asked.resource.type,
        "org": asked.resource.org, "area": asked.resource.area, "changed": row["policy_version"] != compiled.version,
        "errors": tuple(row["errors"]),
    }  # fmt: skip
    if action is None or resource is None or asked.resource.type not in action.on:
        return Explanation(**base)
    today = await policies.may(asked.actor, asked.action, asked.resource, purpose=asked.purpose)
    try:
        story = _Story(rt, compiled, compiled.scope(asked.actor.kind, asked.action, asked.resource.type), asked, locale)
    except TypeError:  # a wrong attribute was the reason: ``errors`` says which, and no condition can be weighed
        return Explanation(**base, allowed_now=today.allowed)
    return Explanation(
        **base, considered=tuple(story.considered()), would_allow=tuple(story.would_allow()), ask=tuple(story.ask()),
        ask_roles=tuple(story.roles()), allowed_now=today.allowed,
    )  # fmt: skip


class _Story:
    """Works one question out again, condition by condition."""

    def __init__(self, rt: Runtime, compiled: Compiled, scope: Scope, asked: Asked, locale: str) -> None:
        self._strings, self._compiled, self._scope = rt.strings, compiled, scope
        self._asked, self._locale = asked, locale
        self._values = compiled.values(scope, asked.actor, asked.resource, asked.purpose or "", granted=False)
        self._found = [(policy, self._conditions(policy)) for policy in scope.policies if policy.id != _GRANTED]

    def _conditions(self, policy: Policy) -> list[tuple[Any, bool | None]]:
        return [(part.expression, self._met(alone(part))) for part in parts(policy.tree)]

    def _met(self, tree: Any) -> bool | None:
        verdict = self._compiled.ask(self._scope, handle_of([tree]), self._values)
        return None if verdict.errors else verdict.allowed

    def _said(self, expression: Any) -> str:
        return sentence(expression, self._strings, self._locale) or self._t("condition.other")

    def _t(self, key: str, **params: Any) -> str:
        return self._strings.t(f"policy.{key}", self._locale, **params)

    def considered(self) -> list[Considered]:
        """Every policy whose head matched; a forbid only when it struck."""
        found = []
        for policy, conditions in self._found:
            if not policy.permits and not all(met for _, met in conditions):
                continue
            said = tuple(Condition(self._said(expression), met) for expression, met in conditions)
            found.append(Considered(policy.id, policy.title[self._locale], not policy.permits, said))
        return found

    def would_allow(self) -> list[str]:
        """One sentence a way: fulfil what a policy still misses, sign in, or be given a grant."""
        ways = []
        for policy, conditions in self._found:
            missing = [self._said(expression) for expression, met in conditions if not met]
            if policy.permits and missing:
                joined = self._t("condition.and").join(missing)
                ways.append(self._t("explain.way", missing=joined, title=policy.title[self._locale]))
        if self._asked.actor.kind == "anonymous" and self._signing_in_helps():
            ways.insert(0, self._t("explain.sign_in"))
        if self._grantable():
            ways.append(self._t("explain.grant"))
        return ways

    def _signing_in_helps(self) -> bool:
        action = self._compiled.declarations.actions[self._asked.action]
        kinds = [kind for kind in ("resident", "staff") if kind in action.by]
        scopes = [self._compiled.scope(kind, action.name, self._asked.resource.type) for kind in kinds]
        return any(p.permits and p.id != _GRANTED for scope in scopes for p in scope.policies)

    def _grantable(self) -> bool:
        known = self._asked.actor.kind not in ("anonymous", "system")
        return known and self._compiled.declarations.actions[self._asked.action].grantable

    def roles(self) -> list[str]:
        """The roles that could do it, and the administrators where a grant would help."""
        named = [role for _, conditions in self._found for expression, met in conditions if not met
                 for role in roles_named(expression)]  # fmt: skip
        return list(dict.fromkeys([*named, *(["admin"] if self._grantable() else [])]))

    def ask(self) -> list[str]:
        """Whom to ask, in words."""
        known = [role for role in self.roles() if self._strings.has(f"policy.role.{role}")]
        said = [self._t("explain.ask_role", role=self._t(f"role.{role}")) for role in known]
        return said or [self._t("explain.ask_hotline")]

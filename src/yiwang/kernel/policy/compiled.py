"""All policies together, validated and ready to decide; immutable, replaced as a whole when anything changes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import cedarpy
from cedarpy import pst

from yiwang.kernel.errors import Problem, YiwangError
from yiwang.kernel.policy import facts, footprint
from yiwang.kernel.policy.declare import KINDS, Declarations, PolicyInvalid
from yiwang.kernel.policy.source import Policy, Source, parse, problem

#: Verdicts kept for one kind of actor, action and type of resource; then that cache starts anew.
CACHE = 20_000


class Undeclared(YiwangError):
    """An action or a resource type that no room declares: a bug of the caller, and nothing is done."""

    key = "policy.error.undeclared"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Cedar said: the ids of the policies that decided and the errors met (any of them makes it a deny)."""

    allowed: bool
    policies: tuple[str, ...]
    errors: tuple[str, ...] = ()


@dataclass
class Scope:
    """The policies that can matter for one kind of actor, one action and one type of resource."""

    kind: str
    action: str
    resource: str
    policies: tuple[Policy, ...]
    handle: Any
    paths: tuple[footprint.Path, ...]
    areas: tuple[str, ...]  # areas that the policies name themselves
    groups: tuple[str, ...]
    cache: dict[tuple[Any, ...], Verdict] = field(default_factory=dict)


class Compiled:
    """Decides; raises PolicyInvalid at construction with every problem found."""

    def __init__(self, declarations: Declarations, sources: Iterable[Source]) -> None:
        self.declarations = declarations
        problems = list(declarations.problems)
        sources = list(sources)
        self.policies: dict[str, Policy] = {}
        schema = _schema(declarations, problems)
        for source in sources:
            for policy in parse(source, problems):
                self._add(policy, schema, problems)
        if problems:
            raise PolicyInvalid(f"{len(problems)} problem(s) in the policies", problems=problems)
        self.version = _digest(declarations.schema_text(), *(s.text for s in sources))
        self._scopes: dict[tuple[str, str, str], Scope] = {}

    def _add(self, policy: Policy, schema: Any, problems: list[Problem]) -> None:
        if policy.id in self.policies:
            twin = self.policies[policy.id]
            problems.append(problem(policy.where, "id", f"@id {policy.id!r} is already taken at {twin.where}"))
            return
        self.policies[policy.id] = policy
        if schema is not None:
            problems.extend(validate(policy, schema))

    def scope(self, kind: str, action: str, resource: str) -> Scope:
        """The scope of a question; Undeclared when no room knows the action on that type."""
        key = (kind, action, resource)
        found = self._scopes.get(key)
        if found is None:
            found = self._scopes[key] = self._build(kind, action, resource)
        return found

    def _build(self, kind: str, action: str, resource: str) -> Scope:
        declared = self.declarations.actions.get(action)
        if declared is None:
            raise Undeclared(f"action {action!r} is declared in no policies/*.toml", action=action)
        if resource not in declared.on:
            raise Undeclared(
                f"action {action!r} is declared on {list(declared.on)}, not on {resource!r}",
                action=action,
                type=resource,
            )
        names = {action, *declared.groups}
        chosen = tuple(
            p for p in self.policies.values() if kind in declared.by and applies(p.tree, kind, names, resource)
        )
        # The action is settled by the choice, so its groups need not travel with every question.
        trees = [replace(p.tree, id=p.id, action=pst.ScopeAny()) for p in chosen]
        areas = sorted({u.id for tree in trees for u in pst.entity_uids(tree) if str(u.type) == "Area"})
        return Scope(
            kind, action, resource, chosen, handle_of(trees), footprint.of_trees(trees), tuple(areas), declared.groups
        )

    def verdict(self, actor: Any, action: str, resource: Any, purpose: str, granted: bool) -> Verdict:
        """What the policies say, from the cache when the same facts were asked before."""
        scope = self.scope(actor.kind, action, resource.type)
        try:
            values = self.values(scope, actor, resource, purpose, granted)
        except TypeError as error:
            return Verdict(False, (), (str(error),))
        found = scope.cache.get(values)
        if found is None:
            if len(scope.cache) >= CACHE:
                scope.cache.clear()
            found = scope.cache[values] = self.ask(scope, scope.handle, values)
        return found

    def values(self, scope: Scope, actor: Any, resource: Any, purpose: str, granted: bool) -> tuple[Any, ...]:
        """The values of the scope's paths, in order; TypeError when one is not of its declared type."""
        found: list[Any] = []
        declared = self.declarations.resources[scope.resource].attrs
        for variable, attr in scope.paths:
            if attr == "@in" and variable == "resource":
                inside = (area for area in (*actor.areas, *scope.areas) if resource.area.startswith(area))
                found.append((tuple(inside), resource.attrs.get("package") or ""))
            elif variable == "principal":
                found.append(facts.actor_value(actor, attr))
            elif variable == "resource":
                kind = declared.get(attr)
                found.append(
                    facts.resource_value(resource, attr)
                    if kind is None
                    else facts.declared_value(resource, attr, kind.removesuffix("?"))
                )
            elif variable == "context":
                found.append(purpose if attr == "purpose" else granted)
            else:
                found.append(scope.groups)
        return tuple(found)

    def ask(self, scope: Scope, handle: Any, values: tuple[Any, ...]) -> Verdict:
        """Let Cedar decide with the given policies; an error of any kind is a deny."""
        declared = self.declarations.resources[scope.resource]
        try:
            request, entities = facts.render(scope.kind, scope.action, declared, scope.paths, values)
            answer = cedarpy.is_authorized(request, handle, entities)
        except (ValueError, TypeError) as error:
            return Verdict(False, (), (str(error),))
        errors = tuple(answer.diagnostics.errors)
        allowed = answer.allowed and not errors
        return Verdict(allowed, tuple(sorted(answer.diagnostics.reasons)), errors)


def handle_of(trees: Iterable[pst.Template]) -> Any:
    """The engine's handle of policy trees, under their own ids."""
    return cedarpy.PolicySet.from_pst(
        pst.PolicySet(pst.FrozenMap(), pst.FrozenMap({tree.id: tree for tree in trees}), ())
    )


def applies(tree: pst.Template, kind: str, actions: set[str], resource: str) -> bool:
    """Whether a policy's head can match at all (actions: the action and its groups)."""
    return _may_be(tree.principal, KINDS[kind]) and _acts(tree.action, actions) and _may_be(tree.resource, resource)


def _may_be(constraint: pst.PrincipalOrResourceConstraint, name: str) -> bool:
    match constraint:
        case pst.ScopeIs(entity_type=found) | pst.ScopeIsIn(entity_type=found):
            return str(found) == name
        case pst.ScopeEq(entity=pst.EntityUid(type=found)):
            return str(found) == name
    return True


def _acts(constraint: pst.ActionConstraint, names: set[str]) -> bool:
    match constraint:
        case pst.ActionEq(entity=uid):
            return uid.id in names
        case pst.ActionIn(entities=uids):
            return any(uid.id in names for uid in uids)
    return True


def validate(policy: Policy, schema: Any) -> list[Problem]:
    """What the schema has against one policy."""
    result = cedarpy.validate_policies(policy.text, schema)
    return [problem(policy.where, "schema", _plain(error.error, policy.id)) for error in result.errors]


def _plain(text: str, name: str) -> str:
    return text.replace("for policy `policy0`, ", f"{name}: ")


def _schema(declarations: Declarations, problems: list[Problem]) -> Any:
    try:
        return cedarpy.Schema.from_str(declarations.schema_text())
    except ValueError as error:
        if not problems:
            problems.append(problem("policies", "schema", f"the declarations do not make a schema: {error}"))
        return None


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]

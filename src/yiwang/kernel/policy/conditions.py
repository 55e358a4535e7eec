"""Conditions of policies in the words of the person who was refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cedarpy import pst

from yiwang.kernel.strings import Strings


@dataclass(frozen=True)
class Part:
    """One condition that has to hold, on its own."""

    expression: Any


def parts(tree: pst.Template) -> Iterator[Part]:
    """The conditions of a policy, taken apart at ``&&``; ``unless`` is turned into its contrary."""
    if isinstance(tree.resource, pst.ScopeIn | pst.ScopeIsIn) and isinstance(tree.resource.entity, pst.EntityUid):
        yield Part(pst.BinaryOp("in", pst.Var("resource"), pst.EntityLit(tree.resource.entity)))
    for clause in tree.clauses:
        if isinstance(clause, pst.Unless):
            yield Part(pst.UnaryOp("not", clause.expr))
        else:
            yield from _split(clause.expr)


def _split(expression: Any) -> Iterator[Part]:
    match expression:
        case pst.BinaryOp(op="and", left=left, right=right):
            yield from _split(left)
            yield from _split(right)
        case _:
            yield Part(expression)


def alone(part: Part) -> pst.Template:
    """A policy that permits exactly when the condition holds, to ask the engine about it alone."""
    anything = pst.ScopeAny()
    clauses = (pst.When(part.expression),)
    return pst.Template("part", "permit", anything, anything, anything, clauses, pst.FrozenMap())


def sentence(expression: Any, strings: Strings, locale: str) -> str | None:
    """The condition in words, None when there are none for it (it is then left unsaid, never shown as code)."""
    match expression:
        case pst.BinaryOp(op="or", left=left, right=right):
            said = [sentence(side, strings, locale) for side in (left, right)]
            if None in said:
                return None
            return strings.t("policy.condition.or", locale).join(str(one) for one in said)
        case pst.BinaryOp(op="contains" | "contains_any", left=pst.GetAttr(pst.Var("principal"), "roles"), right=right):
            roles = _roles(right)
            if roles:
                names = strings.t("policy.condition.or", locale).join(_role(role, strings, locale) for role in roles)
                return strings.t("policy.condition.role", locale, roles=names)
        case pst.UnaryOp(op="not", arg=pst.Is(base=pst.Var("principal"), entity_type=kind)) if str(kind) == "Anonymous":
            return strings.t("policy.condition.signed_in", locale)
    key = _KEYS.get(_shape(expression))
    return strings.t(f"policy.condition.{key}", locale) if key else None


def roles_named(expression: Any) -> list[str]:
    """The roles that a condition asks for."""
    match expression:
        case pst.BinaryOp(op="contains" | "contains_any", left=pst.GetAttr(pst.Var("principal"), "roles"), right=right):
            return _roles(right)
        case pst.BinaryOp(op="or", left=left, right=right):
            return [*roles_named(left), *roles_named(right)]
    return []


def _roles(right: Any) -> list[str]:
    match right:
        case pst.StringLit(value=role):
            return [role]
        case pst.Set(elements=elements):
            return [item.value for item in elements if isinstance(item, pst.StringLit)]
    return []


def _role(role: str, strings: Strings, locale: str) -> str:
    key = f"policy.role.{role}"
    return strings.t(key, locale) if strings.has(key) else strings.t("policy.role.other", locale)


def _shape(expression: Any) -> tuple[str, str, str]:
    """(left, operator, right) of a simple comparison of attributes."""
    match expression:
        case pst.BinaryOp(op=op, left=left, right=right):
            return (_name(left), op, _name(right))
        case pst.GetAttr():
            return (_name(expression), "", "")
    return ("", "", "")


def _name(node: Any) -> str:
    match node:
        case pst.GetAttr(base=pst.Var(name=variable), attr=attr):
            return f"{variable}.{attr}"
        case pst.Var(name=variable):
            return variable
        case pst.EntityLit(value=uid):
            return str(uid.type)
    return ""


_KEYS: dict[tuple[str, str, str], str] = {
    ("principal.posts", "contains", "resource.post"): "post",
    ("principal.orgs", "contains", "resource.org"): "org",
    ("principal.orgs", "contains_any", "resource.parties"): "party",
    ("resource", "in", "principal.areas"): "area",
    ("resource", "in", "Package"): "package",
    ("resource.owner", "eq", "principal.account"): "owner",
    ("context.granted", "", ""): "granted",
}

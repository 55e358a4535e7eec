"""What a set of policies looks at: the attributes that a decision can depend on, and nothing else.

A decision is cached under the values of exactly these, so that repeated questions cost a dictionary look-up and the
cache can never answer for something that a policy would have seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from cedarpy import pst

from yiwang.kernel.policy.declare import CONTEXT_ATTRS

#: (variable, attribute); the attribute "@uid" is the identity itself, "@in" what it lies in (area, package).
Path = tuple[str, str]


def of_trees(trees: Iterable[pst.Template]) -> tuple[Path, ...]:
    """The sorted paths that these policies read."""
    found: set[Path] = set()
    for tree in trees:
        _scope(tree.principal, "principal", found)
        _scope(tree.resource, "resource", found)
        for clause in tree.clauses:
            _expression(clause.expr, found)
    return tuple(sorted(found))


def _scope(constraint: pst.PrincipalOrResourceConstraint, variable: str, found: set[Path]) -> None:
    if isinstance(constraint, pst.ScopeEq):
        found.add((variable, "@uid"))
    elif isinstance(constraint, pst.ScopeIn | pst.ScopeIsIn):
        found |= {(variable, "@uid"), (variable, "@in")}


def _expression(node: Any, found: set[Path]) -> None:
    match node:
        case pst.GetAttr(base=pst.Var(name=variable), attr=attr):
            found.add((variable, attr))
        case pst.HasAttr(base=pst.Var(name=variable), attrs=attrs):
            found.add((variable, attrs[0]))
        case (
            pst.BinaryOp(op="in", left=pst.Var(name=variable), right=right)
            | pst.Is(base=pst.Var(name=variable), in_expr=right)
        ) if right is not None:
            found |= {(variable, "@in" if variable != "action" else "@uid")} | (
                {(variable, "@uid")} if variable != "resource" or _names(right) else set()
            )
            _expression(right, found)
        case pst.Is(base=pst.Var()):
            pass  # the type is fixed before policies are chosen
        case pst.Var(name="context"):
            found |= {("context", attr) for attr in CONTEXT_ATTRS}
        case pst.Var(name="action"):
            found.add(("action", "@uid"))
        case pst.Var(name=variable):
            found |= {(variable, "@uid"), (variable, "@in")}
        case _:
            for child in _children(node):
                _expression(child, found)


def _names(right: Any) -> bool:
    """Whether the right side of ``in`` could be the thing itself rather than an area or a package."""
    match right:
        case pst.GetAttr(base=pst.Var(name="principal"), attr="areas"):
            return False
        case pst.EntityLit(value=uid):
            return str(uid.type) not in ("Area", "Package")
    return True


def _children(node: Any) -> Iterable[Any]:
    if isinstance(node, tuple | list):
        return node
    if isinstance(node, dict):
        return node.values()
    if is_dataclass(node):
        return [getattr(node, field.name) for field in fields(node)]
    return ()

"""Who may do what: Cedar policies, grants as facts, obligations that enforce themselves, explained refusals.

How a room takes part, without importing anything:

* ``<package>/policies/*.toml`` declares resource types, actions and groups (see ``declare``). Most actions need no
  policy of their own: putting them into a group of ``policies/groups.toml`` brings the kernel's policies (``public``,
  ``own``, ``signed_in``, ``post_work``, ``org_read``, ``org_work``, ``supervision``, ``dispatching``, ``stewardship``,
  ``administration``, ``city_administration``, ``auditing``).
* ``<package>/policies/*.cedar`` holds further policies, each with ``@id``, ``@title_zh`` and ``@title_en`` (a sentence
  that the refused person reads), and on a permit what it obliges to: ``@mask("contact,id_number")``,
  ``@rows("row.state != 'draft'")`` (CEL over ``row`` and ``actor``), ``@watermark``, ``@expires("30d")``.

What a policy may ask:

* ``principal`` is ``Staff``, ``Resident``, ``Client``, ``Anonymous`` or ``System``, each with ``account`` (String, "-"
  when nobody), ``name``, ``post`` (the one acted from), ``posts`` (Set<Post>), ``orgs`` (Set<Org>), ``areas``
  (Set<Area>, the division prefixes supervised), ``roles`` (Set<String>).
* ``resource`` is the declared type, with ``id``, ``org`` (Org), ``parties`` (Set<Org>), ``area`` (String), ``owner``
  (String, an account or ""), ``package`` (String, the scenario package it belongs to or ""), and its declared
  attributes. ``resource in principal.areas`` asks whether its area lies in a supervised one;
  ``resource in Package::"gas-safety"`` whether it belongs to a package (``Resource.attrs["package"]``).
* ``context`` has ``purpose`` (String) and ``granted`` (Bool).

A declared attribute that the caller leaves out makes the decision a refusal, unless it is declared with ``?``.
"""

from yiwang.kernel.policy.actions import GrantInvalid, GrantOver, NewGrant, give_grant, list_grants, revoke_grant
from yiwang.kernel.policy.compiled import Compiled, Undeclared
from yiwang.kernel.policy.declare import Declarations, PolicyInvalid
from yiwang.kernel.policy.explain import Condition, Considered, Explanation, explain
from yiwang.kernel.policy.masks import apply_mask
from yiwang.kernel.policy.packages import check_package_policies, opens
from yiwang.kernel.policy.ruling import Ruling
from yiwang.kernel.policy.service import Policies

__all__ = [
    "Compiled",
    "Condition",
    "Considered",
    "Declarations",
    "Explanation",
    "GrantInvalid",
    "GrantOver",
    "NewGrant",
    "Policies",
    "PolicyInvalid",
    "Ruling",
    "Undeclared",
    "apply_mask",
    "check_package_policies",
    "explain",
    "give_grant",
    "list_grants",
    "opens",
    "revoke_grant",
]

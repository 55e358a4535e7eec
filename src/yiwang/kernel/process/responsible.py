"""From a step to a post: who has to act, by the directory of organisations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.errors import BadRequest, NobodyResponsible
from yiwang.kernel.process.model import InstanceRow, Place


def place_of(directory: Directory, post: int) -> Place:
    """A post that exists and is open; BadRequest otherwise."""
    try:
        found = directory.post(post)
    except YiwangError as error:
        raise BadRequest(f"there is no post {post}", key="process.error.no_post", post=post) from error
    if found.closed_at is not None:
        raise BadRequest(f"post {post} has been closed", key="process.error.no_post", post=post)
    return Place(found.id, found.org)


def place_for(directory: Directory, attrs: Mapping[str, Any], instance: InstanceRow, step_name: str) -> Place:
    """The post of a step by its computed yw: attributes: ``post``; or the ``role`` in ``org``.

    Without ``org``, the role in the instance's own organisation, or else the nearest to its place (the grid worker, the
    street's dispatcher). Raises NobodyResponsible, naming the step, so that no task is ever opened at nobody.
    """
    post = attrs.get("post")
    if post is not None:
        return place_of(directory, int(post))
    role, org = str(attrs.get("role") or ""), attrs.get("org")
    found = None
    if role:
        try:
            found = directory.post_for(instance.org if org is None else org, role)
        except YiwangError:
            found = None
        if found is None and org is None and instance.area:
            found = directory.post_near(role, instance.area)
    if found is None:
        where = instance.org if org is None else org
        name = directory.find_org(where)
        raise NobodyResponsible(
            f"step {step_name!r}: organisation {where} has no post {role!r}",
            step=step_name, role=role, org=name.name_zh if name else str(where),
        )  # fmt: skip
    return Place(found.id, found.org)

"""The only writers of organisations, posts and who holds them.

Each is one decided and audited action, `await verb_noun(rt, actor, ...)`, and renews this process's directory. None of
them touches a task: tasks belong to posts, so that a handover moves a desk's whole work with one row.
"""

from yiwang.kernel.orgs.actions.appointments import appoint, end_appointment, hand_over
from yiwang.kernel.orgs.actions.delegations import delegate_post, revoke_delegation
from yiwang.kernel.orgs.actions.duties import cancel_duty, set_duty
from yiwang.kernel.orgs.actions.organisations import change_org, close_org, close_post, create_org, create_post

__all__ = [
    "appoint",
    "cancel_duty",
    "change_org",
    "close_org",
    "close_post",
    "create_org",
    "create_post",
    "delegate_post",
    "end_appointment",
    "hand_over",
    "revoke_delegation",
    "set_duty",
]

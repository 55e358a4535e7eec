"""Who acts: accounts, sign-in, sessions, second factor, outside providers, systems with tokens."""

from yiwang.kernel.identity.accounts import (
    account_names,
    contact_values,
    create_account,
    disable_account,
    enable_account,
    find_account,
    list_accounts,
    masked_contacts,
    reset_password,
    reset_totp,
)
from yiwang.kernel.identity.actors import actor_for
from yiwang.kernel.identity.clients import BearerRefused, resolve_bearer
from yiwang.kernel.identity.contacts import masked, normal_mail, normal_phone
from yiwang.kernel.identity.csrf import csrf_right, new_visit, visit_csrf, visit_csrf_right
from yiwang.kernel.identity.kept import keep_form, take_form
from yiwang.kernel.identity.keys import Keys
from yiwang.kernel.identity.model import (
    Account,
    Origin,
    SecondFactorNeeded,
    Session,
    SessionSummary,
    SignedIn,
)
from yiwang.kernel.identity.own import (
    begin_totp,
    change_password,
    confirm_totp,
    drop_totp,
    own_links,
    totp_state,
    update_profile,
)
from yiwang.kernel.identity.reset import begin_registration, finish_registration, forgot_password, reset_forgotten
from yiwang.kernel.identity.sessions import (
    choose_post,
    end_other_sessions,
    end_own_session,
    ended_session_owner,
    own_sessions,
    resolve_session,
)
from yiwang.kernel.identity.signin import sign_in, sign_in_with_code, sign_out

__all__ = [
    "Account",
    "BearerRefused",
    "Keys",
    "Origin",
    "SecondFactorNeeded",
    "Session",
    "SessionSummary",
    "SignedIn",
    "account_names",
    "actor_for",
    "begin_registration",
    "begin_totp",
    "change_password",
    "choose_post",
    "confirm_totp",
    "contact_values",
    "create_account",
    "csrf_right",
    "disable_account",
    "drop_totp",
    "enable_account",
    "end_other_sessions",
    "end_own_session",
    "ended_session_owner",
    "find_account",
    "finish_registration",
    "forgot_password",
    "keep_form",
    "list_accounts",
    "masked",
    "masked_contacts",
    "new_visit",
    "normal_mail",
    "normal_phone",
    "own_links",
    "own_sessions",
    "reset_forgotten",
    "reset_password",
    "reset_totp",
    "resolve_bearer",
    "resolve_session",
    "sign_in",
    "sign_in_with_code",
    "sign_out",
    "take_form",
    "totp_state",
    "update_profile",
    "visit_csrf",
    "visit_csrf_right",
]

"""The first administrator, and the demo accounts: one per role, with passwords of this installation only."""

from __future__ import annotations

from dataclasses import dataclass

from yiwang.kernel.identity.accounts import create_account, find_account
from yiwang.kernel.identity.tokens import new_password
from yiwang.kernel.runtime import Runtime
from yiwang.kernel.write import Actor

ADMIN_LOGIN = "admin"
DEMO_FILE = "demo-accounts.txt"


@dataclass(frozen=True)
class DemoPerson:
    """One demo account:

    sign-in name, kind, display name, the role whose post they hold, and the organisation's code.
    """

    login: str
    name: str
    role: str | None
    org: str | None
    phone: str | None = None


# : Names are invented. Phone numbers are of ranges that no carrier has given out (13800138xxx style test numbers are
# real).
DEMO_PEOPLE = (
    DemoPerson("admin-demo", "顾明远", "admin", "320200/12345"),
    DemoPerson("intake", "沈佳怡", "intake", "320200/12345"),
    DemoPerson("dispatcher", "陆建华", "dispatcher", "320200/12345"),
    DemoPerson("callback", "钱雨桐", "callback", "320200/12345"),
    DemoPerson("supervisor", "周志强", "supervisor", "320200/12345"),
    DemoPerson("handler", "吴文斌", "handler", "320211/chengguan"),
    DemoPerson("verifier", "华小芳", "verifier", "320211001003001"),
    DemoPerson("steward", "许静", "steward", "320200/chengguan"),
    DemoPerson("auditor", "孟凡", "auditor", "320200"),
    DemoPerson("leader", "薛国梁", "leader", "320200"),
    DemoPerson("resident", "王秀英", None, None, phone="+8619900000001"),
)


async def ensure_admin(rt: Runtime) -> tuple[str, str] | None:
    """Make the first administrator when there is none: (sign-in name, generated password to print once), else None.

    The account has no post yet; kernel.orgs appoints it (role admin at the city). It must change the password and
    enrol
    a second factor at its first sign-in.
    """
    if await find_account(rt, ADMIN_LOGIN) is not None:
        return None
    password = new_password()
    await create_account(
        rt,
        Actor.system("identity"),
        kind="staff",
        login=ADMIN_LOGIN,
        name="系统管理员",
        password=password,
        must_change=True,
    )
    return ADMIN_LOGIN, password

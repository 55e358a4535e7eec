"""`yiwang account ...`: what an engineer does at the terminal of the machine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from yiwang.kernel.errors import YiwangError
from yiwang.kernel.identity.accounts import (
    create_account,
    disable_account,
    enable_account,
    find_account,
    reset_password,
    reset_totp,
)
from yiwang.kernel.identity.clients import register_client, rotate_secret
from yiwang.kernel.identity.model import Account
from yiwang.kernel.identity.oidc.providers import put_provider
from yiwang.kernel.identity.tokens import new_password
from yiwang.kernel.orgs import Directory
from yiwang.kernel.orgs.actions import appoint
from yiwang.kernel.runtime import Launcher, Runtime
from yiwang.kernel.write import Actor

T = TypeVar("T")
TERMINAL = Actor.system("terminal")


def _run(launcher: Launcher, work: Callable[[Runtime], Awaitable[T]]) -> T:
    async def started(rt: Runtime) -> T:
        await rt.part(Directory).refresh()
        return await work(rt)

    try:
        return launcher.run(started)
    except YiwangError as error:
        raise click.ClickException(str(error)) from error


async def _find(rt: Runtime, login: str) -> Account:
    account = await find_account(rt, login)
    if account is None:
        raise click.ClickException(f"There is no account {login!r}.")
    return account


@click.group()
def account() -> None:
    """People and systems that may sign in."""


@account.command()
@click.argument("login")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--kind", type=click.Choice(["staff", "resident"]), default="staff", show_default=True)
@click.option("--org", "org_code", help="Code of the organisation, like 320200/12345.")
@click.option("--role", help="Appoint to the organisation's post of this role.")
@click.option("--phone", help="For codes and notices.")
@click.option("--email", help="For codes and notices.")
@click.pass_obj
def create(
    launcher: Launcher,
    login: str,
    name: str,
    kind: str,
    org_code: str | None,
    role: str | None,
    phone: str | None,
    email: str | None,
) -> None:
    """Create an account; the generated password is printed once and must be changed at the first sign-in."""
    password = new_password()

    async def work(rt: Runtime) -> None:
        directory = rt.part(Directory)
        org = directory.org(org_code) if org_code else None
        post = directory.post_for(org.id, role) if org and role else None
        if role and post is None:
            where = org_code or "no organisation"
            raise click.ClickException(f"There is no post {role!r} in {where}; name it with --org.")
        made = await create_account(
            rt, TERMINAL, kind=kind, login=login, name=name, org=org.id if org else None, phone=phone, email=email,
            password=password,
        )  # fmt: skip
        if post is not None:
            await appoint(rt, TERMINAL, post.id, made)

    _run(launcher, work)
    click.echo(f"{login}  {password}")


@account.command("reset-password")
@click.argument("login")
@click.pass_obj
def reset_password_(launcher: Launcher, login: str) -> None:
    """Give a new generated password, printed once; every session of the account ends."""

    async def work(rt: Runtime) -> str:
        return await reset_password(rt, TERMINAL, (await _find(rt, login)).id)

    click.echo(f"{login}  {_run(launcher, work)}")


@account.command()
@click.argument("login")
@click.pass_obj
def disable(launcher: Launcher, login: str) -> None:
    """Stop an account: no sign-in, every session and token ends."""

    async def work(rt: Runtime) -> None:
        await disable_account(rt, TERMINAL, (await _find(rt, login)).id)

    _run(launcher, work)
    click.echo(f"{login} is disabled.")


@account.command()
@click.argument("login")
@click.pass_obj
def enable(launcher: Launcher, login: str) -> None:
    """Let a disabled account sign in again."""

    async def work(rt: Runtime) -> None:
        await enable_account(rt, TERMINAL, (await _find(rt, login)).id)

    _run(launcher, work)
    click.echo(f"{login} is enabled.")


@account.command("totp-reset")
@click.argument("login")
@click.pass_obj
def totp_reset(launcher: Launcher, login: str) -> None:
    """Drop the second factor of somebody who has lost it; they enrol again at the next sign-in."""

    async def work(rt: Runtime) -> None:
        await reset_totp(rt, TERMINAL, (await _find(rt, login)).id)

    _run(launcher, work)
    click.echo(f"{login} enrols a second factor again at the next sign-in.")


@account.command("client-create")
@click.argument("client_id")
@click.option("--name", required=True, help="Name of the system.")
@click.option("--org", "org_code", required=True, help="Code of the organisation it acts for.")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given several times.")
@click.pass_obj
def client_create(launcher: Launcher, client_id: str, name: str, org_code: str, scopes: tuple[str, ...]) -> None:
    """Register a system (OAuth2 client credentials); its secret is printed once."""

    async def work(rt: Runtime) -> str:
        org = rt.part(Directory).org(org_code)
        _, secret = await register_client(rt, TERMINAL, client_id=client_id, name=name, org=org.id, scopes=scopes)
        return secret

    click.echo(f"{client_id}  {_run(launcher, work)}")


@account.command("client-rotate")
@click.argument("client_id")
@click.option("--at-once", is_flag=True, help="The old secret leaked: it stops working now, and so do all tokens.")
@click.pass_obj
def client_rotate(launcher: Launcher, client_id: str, at_once: bool) -> None:
    """Give a system a new secret, printed once; the old one works for another week."""

    async def work(rt: Runtime) -> str:
        return await rotate_secret(rt, TERMINAL, (await _find(rt, client_id)).id, at_once=at_once)

    click.echo(f"{client_id}  {_run(launcher, work)}")


@account.command("provider")
@click.argument("key")
@click.option("--title-zh", required=True)
@click.option("--title-en", required=True)
@click.option("--issuer", required=True, help="The provider's issuer address (https).")
@click.option("--client-id", required=True)
@click.option("--secret", prompt=True, hide_input=True, help="The client secret (asked for when not given).")
@click.option("--kind", type=click.Choice(["staff", "resident"]), required=True)
@click.option("--creates", is_flag=True, help="A first sign-in makes a resident's account.")
@click.pass_obj
def provider(
    launcher: Launcher,
    key: str,
    title_zh: str,
    title_en: str,
    issuer: str,
    client_id: str,
    secret: str,
    kind: str,
    creates: bool,
) -> None:
    """Trust an OpenID Connect provider, or change how."""

    async def work(rt: Runtime) -> str:
        await put_provider(
            rt, TERMINAL, key=key, title_zh=title_zh, title_en=title_en, issuer=issuer, client_id=client_id,
            secret=secret, kind=kind, creates=creates,
        )  # fmt: skip
        return f"{rt.settings.public_url}/oidc/{key}/callback"

    click.echo(f"Trusted. Register this redirect address there: {_run(launcher, work)}")

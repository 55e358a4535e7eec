"""The kernel's own pages: each module has ``pages``, a router."""

from yiwang.web.pages import (
    accounts,
    audit,
    grants,
    home,
    kept,
    messages,
    notices,
    org_changes,
    orgs,
    posts,
    prefs,
    scenario_changes,
    scenarios,
    search,
    signin,
    signin_account,
    signin_notices,
    signin_oauth,
    signin_oidc,
    signin_reset,
    status,
    styleguide,
    why,
)

#: Signing in, one's own account, and the token endpoint.
SIGN_IN = (
    signin.pages,
    signin_reset.pages,
    signin_account.pages,
    signin_oidc.pages,
    signin_oauth.pages,
    signin_notices.pages,
)

#: The front doors and the kernel's pages for staff.
OWN = (home.pages, prefs.pages, status.pages, search.pages, kept.pages, why.pages, notices.pages, styleguide.pages)
KERNEL = (
    orgs.pages,
    posts.pages,
    org_changes.pages,
    accounts.pages,
    grants.pages,
    scenario_changes.pages,
    scenarios.pages,
    audit.pages,
    messages.pages,
)

ROUTERS = (*OWN, *KERNEL, *SIGN_IN)

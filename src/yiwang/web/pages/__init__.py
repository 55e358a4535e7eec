"""The kernel's own pages: each module has ``pages``, a router."""

from yiwang.web.pages import (
    home,
    kept,
    prefs,
    search,
    signin,
    signin_account,
    signin_oauth,
    signin_oidc,
    signin_reset,
    status,
    styleguide,
)

#: Signing in, one's own account, and the token endpoint.
SIGN_IN = (signin.pages, signin_reset.pages, signin_account.pages, signin_oidc.pages, signin_oauth.pages)

ROUTERS = (home.pages, prefs.pages, status.pages, search.pages, kept.pages, styleguide.pages, *SIGN_IN)

"""Signing in with an outside provider: OpenID Connect, authorization code with PKCE."""

from yiwang.kernel.identity.oidc.flow import Begun, Finished, begin, finish
from yiwang.kernel.identity.oidc.providers import (
    Provider,
    disable_provider,
    find_provider,
    list_providers,
    put_provider,
    unlink,
)

__all__ = [
    "Begun",
    "Finished",
    "Provider",
    "begin",
    "disable_provider",
    "find_provider",
    "finish",
    "list_providers",
    "put_provider",
    "unlink",
]

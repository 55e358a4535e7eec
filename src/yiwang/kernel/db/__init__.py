"""PostgreSQL: pools by role, named SQL, migrations, and nothing that commits by itself."""

from yiwang.kernel.db.connection import Conn
from yiwang.kernel.db.database import Database
from yiwang.kernel.db.migrate import Migrations, migrate
from yiwang.kernel.db.queries import Queries, Query

__all__ = ["Conn", "Database", "Migrations", "Queries", "Query", "migrate"]

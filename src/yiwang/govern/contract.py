"""What other rooms may use of governing. Everything else in this folder may change without notice.

Messages are in ``yiwang.messages.govern``; measures for indicators are under the name ``govern.incident``.
"""

from yiwang.govern.actions import Held, Opened, hold, open_incident, rate, reopen, withdraw
from yiwang.govern.contacts import Contact
from yiwang.govern.history import Imported, StageRow, import_history
from yiwang.govern.model import Incident
from yiwang.govern.report import Report, read_report

__all__ = [
    "Contact", "Held", "Imported", "Incident", "Opened", "Report", "StageRow", "hold", "import_history",
    "open_incident", "rate", "read_report", "reopen", "withdraw",
]  # fmt: skip

"""What is said to people: text messages, mail, and messages inside the application."""

from yiwang.kernel.notices.inbox import InboxEntry, inbox, mark_read, unread_count
from yiwang.kernel.notices.listing import Notice, NoticeFilter, count_notices, list_notices, retry_notice
from yiwang.kernel.notices.send import To, send
from yiwang.kernel.notices.sender import send_due
from yiwang.kernel.notices.stop import Preference, preferences, refuse, stop_of
from yiwang.kernel.notices.templates import TemplateBook, UnknownTemplate

__all__ = [
    "InboxEntry",
    "Notice",
    "NoticeFilter",
    "Preference",
    "TemplateBook",
    "To",
    "UnknownTemplate",
    "count_notices",
    "inbox",
    "list_notices",
    "mark_read",
    "preferences",
    "refuse",
    "retry_notice",
    "send",
    "send_due",
    "stop_of",
    "unread_count",
]

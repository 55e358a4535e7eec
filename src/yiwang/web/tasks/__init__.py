"""Tasks on pages: the panel (form, deadline, verbs), the small form of each verb, files, timeline and diagram.

Shared by every net that has a page about something with a process; the addresses that forms post to belong to the net
that registers ``extra={"task_desk": "/work/tasks"}``.
"""

from yiwang.web.tasks.allowed import allowed_to, task_row
from yiwang.web.tasks.verbs import CHOICES, GROUPS, SPANS, VERBS, Given, Verb, lacking, perform, verb_named

__all__ = [
    "CHOICES", "GROUPS", "SPANS", "VERBS", "Given", "Verb", "allowed_to", "lacking", "perform", "task_row",
    "verb_named",
]  # fmt: skip

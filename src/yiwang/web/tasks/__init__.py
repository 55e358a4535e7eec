"""Tasks on the pages of every net: which verbs to offer, how each is done, how a deadline reads, how posts are chosen.

The small forms of the verbs stand at the addresses of the net that registers ``extra={"task_desk": "/work/tasks"}``;
``tasks/parts.html`` draws the menu that leads there.
"""

from yiwang.web.tasks.allowed import allowed_to, task_row
from yiwang.web.tasks.deadline import Deadline, deadline
from yiwang.web.tasks.menu import Menu, menu_of
from yiwang.web.tasks.posts import Choice, find_posts, named, near
from yiwang.web.tasks.verbs import CHOICES, GROUPS, SPANS, VERBS, Given, Verb, lacking, perform, verb_named

__all__ = [
    "CHOICES", "GROUPS", "SPANS", "VERBS", "Choice", "Deadline", "Given", "Menu", "Verb", "allowed_to", "deadline",
    "find_posts", "lacking", "menu_of", "named", "near", "perform", "task_row", "verb_named",
]  # fmt: skip

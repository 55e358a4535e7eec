"""The query of the task list as OpenAPI says it. ``model.Asked`` reads it: the page and the API share one reader."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.process.queries import MOST_PAGE, PAGE
from yiwang.work.model import TABS


def _query(name: str, text: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": text, "schema": {"type": "string"} | schema}


def _flag(name: str, text: str) -> dict[str, Any]:
    return _query(name, text, enum=["0", "1"], default="0")


PARAMETERS = [
    _query("desk", "Id of one of your posts, or posts, orgs, area; without it, the post that you act from"),
    _query("tab", "Which pile", enum=list(TABS), default="todo"),
    _query("q", "Words of number or title", maxLength=100),
    _query("step", "Id of a step", maxLength=80),
    _query("process", "Key of a process", maxLength=80),
    _query("area", "What the code of the place begins with", maxLength=15),
    _query("due", "Due on this local day or before", format="date"),
    _flag("supervised", "Only supervised tasks"),
    _flag("overdue", "Only tasks past their deadline whose clock runs"),
    _flag("mine", "Only tasks that you have claimed (done: that you have completed)"),
    _query("after", "The cursor of the page before", maxLength=400),
    _query("limit", "Rows of a page", type="integer", minimum=1, maximum=MOST_PAGE, default=PAGE),
]

"""The small form of each verb, and doing it. Works without script: searching for a post sends the form to itself."""

from __future__ import annotations

from uuid import UUID

from starlette.responses import Response

from yiwang.kernel.errors import Conflict, Invalid, TooMany
from yiwang.kernel.process import resource_of
from yiwang.kernel.process.errors import NotNow
from yiwang.kernel.process.rules import allowed
from yiwang.web.context import Context
from yiwang.web.http import Ctx, page, redirect, router
from yiwang.web.prefs import local_path
from yiwang.web.tasks import Given, Verb, perform, verb_named
from yiwang.work.asking import Ask, ask, read_given
from yiwang.work.told import Told, tell
from yiwang.work.view import TaskView, read_task

pages = router("work")


@pages.get("/work/tasks/{task}/{verb}")
async def verb_form(ctx: Ctx, task: UUID, verb: str, back: str = "") -> Response:
    """What the verb asks. Raises NotNow or Refused when it cannot be done, before anything is typed."""
    ctx.need_staff()
    chosen, view = verb_named(verb), await read_task(ctx, task)
    if not allowed(chosen.name, view.row.kind, view.row.state):
        raise NotNow(f"{verb} is not possible now", step=view.step)
    await ctx.must(f"task.{chosen.name}", resource_of(view.row, view.detail.package))
    return _page(ctx, view, _ask(ctx, view, chosen, Given()), back)


@pages.post("/work/tasks/{task}/{verb}")
async def do_verb(ctx: Ctx, task: UUID, verb: str) -> Response:
    """Do it, or search for posts (``_find``), or say what is missing with everything typed kept."""
    ctx.need_staff()
    chosen, form = verb_named(verb), await ctx.form()
    given, q, back = read_given(form), str(form.get("_q", "")).strip()[:60], str(form.get("_back", ""))
    if form.get("_find"):
        view = await read_task(ctx, task)
        return _page(ctx, view, _ask(ctx, view, chosen, given, q=q, searched=True), back)
    try:
        async with ctx.rt.unit(ctx.actor) as unit:
            await perform(unit, chosen, task, given)
    except (Invalid, Conflict, TooMany) as error:
        view = await read_task(ctx, task)
        wrong = error if isinstance(error, Invalid) and error.problems else None
        told = None if wrong else tell(ctx, error)
        return _page(ctx, view, _ask(ctx, view, chosen, given, q=q, error=wrong), back, told, error.status)
    return redirect(
        ctx, local_path(back, f"/work/tasks/{task}?here=1"), say="work.done.verb", verb=ctx.t(f"process.verb.{verb}")
    )


def _ask(
    ctx: Context,
    view: TaskView,
    verb: Verb,
    given: Given,
    *,
    q: str = "",
    searched: bool = False,
    error: Invalid | None = None,
) -> Ask:
    row = view.row
    steps = _earlier(ctx, view) if verb.step else ()
    return ask(ctx, verb, given, q=q, searched=searched, post=row.post, area=row.area, steps=steps, error=error)


def _earlier(ctx: Context, view: TaskView) -> tuple[tuple[str, str], ...]:
    """Steps that the task may be returned to, the one that led here first."""
    done = [t for t in view.detail.rows if t["kind"] in ("main", "rework") and t["state"] == "done"]
    done = [t for t in done if t["step"] != view.row.step and t["done_at"]]
    done.sort(key=lambda t: (t["id"] == view.row.cause, t["done_at"]), reverse=True)
    names: dict[str, str] = {}
    for t in done:
        name = t["step_name_zh"] if ctx.locale == "zh" else t["step_name_en"] or t["step_name_zh"]
        names.setdefault(t["step"], f"{name} · {t['done_name'] or ''}".rstrip(" ·"))
    return tuple(names.items())


def _page(
    ctx: Context, view: TaskView, asked: Ask, back: str, told: Told | None = None, status: int = 200
) -> Response:  # fmt: skip
    back = local_path(back, view.subject or f"{view.base}?here=1")
    return page(ctx, "work/verb.html", status=status, view=view, row=view.row, ask=asked, back=back, told=told)

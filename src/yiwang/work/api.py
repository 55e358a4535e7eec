"""Tasks as JSON: the inbox with the filters of its page, one task, and every verb."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Path, Query
from starlette.responses import Response

from yiwang.kernel.errors import Unauthenticated
from yiwang.kernel.process import Done, comment, complete_task, queries, resource_of, save_draft
from yiwang.web.context import Context
from yiwang.web.http import Ctx, api_router
from yiwang.web.tasks import Given, allowed_to, perform, task_row, verb_named
from yiwang.work import shapes
from yiwang.work.inbox import count_desk, list_tasks, open_desk
from yiwang.work.lines import line
from yiwang.work.model import Asked
from yiwang.work.parameters import PARAMETERS

api = api_router("work")
Key = Annotated[UUID, Path(description="Key of the task")]
_PROBLEM = {"application/problem+json": {"schema": {"type": "object"}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    code: {"description": text, "content": _PROBLEM}
    for code, text in {
        401: "Nobody is signed in", 403: "The policy does not allow this, or the CSRF token is missing",
        404: "There is no such task, or you take no part in it",
        409: "Somebody was faster, the version is older, or its state does not allow this",
        422: "What was sent does not fit; errors names each field", 429: "Urged a moment ago",
    }.items()
}  # fmt: skip


def answer(body: Any) -> Response:
    """JSON without a second validation: what is written here is made here."""
    return Response(
        orjson.dumps(body, default=str), media_type="application/json", headers={"Cache-Control": "private, no-store"}
    )


def known(ctx: Context) -> None:
    """Raise Unauthenticated unless somebody of the government asks."""
    if not ctx.is_staff:
        raise Unauthenticated("tasks belong to the posts of staff")


@api.get(
    "/api/v1/tasks", response_model=shapes.TaskPage, responses=_REFUSALS, summary="The inbox",
    openapi_extra={"parameters": PARAMETERS},
)  # fmt: skip
async def list_of_tasks(ctx: Ctx) -> Response:
    """Tasks of a desk, overdue first, then by deadline and weight (done: latest first); the order is stable."""
    known(ctx)
    asked = Asked.read(ctx.request.query_params)
    chosen = await open_desk(ctx, asked.desk)
    async with ctx.rt.read(ctx.actor) as db:
        found = await list_tasks(ctx, db, chosen, asked)
    now = ctx.now
    return answer({"items": [line(row, now) for row in found.rows], "next": found.cursor})


@api.get("/api/v1/tasks/counts", response_model=shapes.Counts | None, responses=_REFUSALS, summary="How much there is")
async def counts_of_tasks(
    ctx: Ctx, desk: Annotated[str, Query(description="Id of one of your posts, or posts")] = ""
) -> Response:
    """Numbers of a desk by tab; null for organisations and areas."""
    known(ctx)
    chosen = await open_desk(ctx, Asked.read({"desk": desk}).desk)
    async with ctx.rt.read(ctx.actor) as db:
        return answer(await count_desk(ctx, db, chosen))


@api.get("/api/v1/tasks/{task}", response_model=shapes.TaskOut, responses=_REFUSALS, summary="One task")
async def one_task(ctx: Ctx, task: Key) -> Response:
    """A task with its form and what the caller may do with it."""
    known(ctx)
    async with ctx.rt.read(ctx.actor) as db:
        detail = await queries.task_detail(ctx.rt, db, task)
    row = task_row(detail.task)
    await ctx.must("task.read", resource_of(row, detail.package))
    verbs = await allowed_to(ctx, row, detail.package)
    body = line(detail.task, ctx.now) | {"form": detail.form, "data": row.data, "verbs": verbs}
    return answer(body)


@api.post(
    "/api/v1/tasks/{task}/complete", response_model=shapes.DoneOut, responses=_REFUSALS, summary="办结 complete a task"
)
async def complete(ctx: Ctx, task: Key, body: shapes.CompleteIn) -> Response:
    """Complete it with its form; the process goes on in the same transaction."""
    known(ctx)
    async with ctx.rt.unit(ctx.actor) as unit:
        done = await complete_task(unit, task, body.data, version=body.version)
    return _done(done)


@api.post("/api/v1/tasks/{task}/save", response_model=shapes.DoneOut, responses=_REFUSALS, summary="暂存 keep a draft")
async def save(ctx: Ctx, task: Key, body: shapes.CompleteIn) -> Response:
    """Keep an unfinished form as it is; the answer tells the new version."""
    known(ctx)
    async with ctx.rt.unit(ctx.actor) as unit:
        done = await save_draft(unit, task, body.data, version=body.version)
    return _done(done)


@api.post("/api/v1/tasks/{task}/comment", status_code=201, responses=_REFUSALS, summary="填写意见 leave a comment")
async def leave_comment(ctx: Ctx, task: Key, body: shapes.CommentIn) -> dict[str, UUID]:
    """A note on the subject, at this task."""
    known(ctx)
    async with ctx.rt.unit(ctx.actor) as unit:
        return {"note": await comment(unit, task, body.body)}


def _done(done: Done) -> Response:
    return answer(shapes.DoneOut.of(done))


async def _do(ctx: Context, verb: str, task: UUID, body: Any) -> Response:
    known(ctx)
    told: Mapping[str, Any] = body.model_dump()
    posts = told.get("posts") or ([told["post"]] if "post" in told else [])
    given = Given(
        tuple(posts), told.get("reason", ""), told.get("rule") or told.get("when") or "", told.get("to_step") or "",
        told.get("span") or "", told.get("version"),
    )  # fmt: skip
    async with ctx.rt.unit(ctx.actor) as unit:
        return _done(await perform(unit, verb_named(verb), task, given))


#: verb -> what its body is, and what it is called.
_BODIES: Mapping[str, tuple[type[shapes.Body], str]] = {
    "claim": (shapes.VersionIn, "签收 claim"),
    "release": (shapes.VersionIn, "退还签收 release"),
    "countersign": (shapes.CountersignIn, "会签 have several posts give their opinion"),
    "add_signer": (shapes.SignerIn, "加签 have others sign before or after"),
    "delegate": (shapes.DelegateIn, "委派 let another post do it; it comes back"),
    "transfer": (shapes.TransferIn, "转办 hand it over for good"),
    "return": (shapes.ReturnIn, "退回 to an earlier step"),
    "recall": (shapes.BesideIn, "撤回 take back what was completed or asked"),
    "circulate": (shapes.CirculateIn, "传阅 have others read it"),
    "urge": (shapes.BesideIn, "催办 remind the post"),
    "supervise": (shapes.SuperviseIn, "督办 have a supervisor watch it"),
    "suspend": (shapes.NeedsReasonIn, "挂起 stop its clock"),
    "resume": (shapes.ReasonIn, "恢复 start its clock again"),
}


def _route(verb: str, kind: type[shapes.Body], summary: str) -> None:
    async def endpoint(ctx: Ctx, task: Key, body: Any) -> Response:
        return await _do(ctx, verb, task, body)

    endpoint.__annotations__["body"] = kind
    endpoint.__name__ = f"{verb}_task"
    endpoint.__doc__ = summary
    api.post(
        f"/api/v1/tasks/{{task}}/{verb}", response_model=shapes.DoneOut, responses=_REFUSALS, summary=summary
    )(endpoint)  # fmt: skip


for _verb, (_kind, _summary) in _BODIES.items():
    _route(_verb, _kind, _summary)

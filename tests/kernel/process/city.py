"""A small city with posts, a process with forms, and people to work in it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from yiwang.kernel.orgs import Directory
from yiwang.kernel.process.engine.names import BPMN, YW
from yiwang.kernel.process.instances import start_process
from yiwang.kernel.process.model import Subject
from yiwang.kernel.process.sections import SECTIONS
from yiwang.kernel.runtime import Capability, Room, Runtime
from yiwang.kernel.write import Actor, Resource, unit


def words(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def form(title: str, **fields: Any) -> dict[str, Any]:
    """A form whose fields are name=(schema) with a title each; a name ending in _ is optional."""
    properties = {n.rstrip("_"): {**s, "x-ui": {"title": words(n, n)}} for n, s in fields.items()}
    return {
        "type": "object", "x-ui": {"title": words(title, title)}, "properties": properties,
        "required": [n for n in fields if not n.endswith("_")], "additionalProperties": False,
    }  # fmt: skip


TEXT = {"type": "string", "maxLength": 200, "minLength": 1}
FORMS = {
    "accept": form("受理", category=TEXT, department=TEXT),
    "handle": form("办理", result=TEXT, cost_={"type": "integer", "minimum": 0}),
    "check": form("核实", ok={"type": "boolean"}),
}

REQUESTS = f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="{BPMN}" xmlns:yw="{YW}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="t">
<message id="m1" name="withdraw"/>
<process id="requests" name="诉求办理" yw:title-en="Requests" isExecutable="true">
<startEvent id="start"/><sequenceFlow id="f0" sourceRef="start" targetRef="accept"/>
<userTask id="accept" name="受理" yw:title-en="Accept" yw:role="intake" yw:form="accept" yw:due="4wh"/>
<sequenceFlow id="f1" sourceRef="accept" targetRef="route"/>
<serviceTask id="route" name="派遣" yw:capability="test.route"><extensionElements>
<yw:input name="category">category</yw:input><yw:output name="weight">result.weight</yw:output>
</extensionElements></serviceTask>
<sequenceFlow id="f2" sourceRef="route" targetRef="handle"/>
<userTask id="handle" name="办理" yw:title-en="Handle" yw:role="handler" yw:org="department" yw:form="handle"
 yw:due="2wd" yw:priority="weight" yw:escalate="supervisor"/>
<boundaryEvent id="reminder" attachedToRef="handle" cancelActivity="false">
<timerEventDefinition yw:span="1wd"/></boundaryEvent>
<sequenceFlow id="f8" sourceRef="reminder" targetRef="note"/>
<scriptTask id="note" name="记录">
<extensionElements><yw:set name="reminded">true</yw:set></extensionElements></scriptTask>
<sequenceFlow id="f9" sourceRef="note" targetRef="noted"/><endEvent id="noted"/>
<boundaryEvent id="withdrawn" attachedToRef="handle"><messageEventDefinition messageRef="m1"/></boundaryEvent>
<sequenceFlow id="f7" sourceRef="withdrawn" targetRef="gone"/><endEvent id="gone"/>
<sequenceFlow id="f3" sourceRef="handle" targetRef="check"/>
<userTask id="check" name="核实" yw:title-en="Check" yw:role="dispatcher" yw:form="check"/>
<sequenceFlow id="f4" sourceRef="check" targetRef="ok"/>
<exclusiveGateway id="ok" default="f6"/>
<sequenceFlow id="f5" sourceRef="ok" targetRef="end"><conditionExpression>ok</conditionExpression></sequenceFlow>
<sequenceFlow id="f6" sourceRef="ok" targetRef="handle"/>
<endEvent id="end"/>
</process></definitions>"""

HQ, EAST, WATER = "999900/12345", "999901/chengguan", "999900/water"


@dataclass
class Parcel:
    """A package in memory."""

    files: dict[str, bytes]
    manifest: Any = field(default_factory=lambda: SimpleNamespace(id="test-requests", version="1.0.0"))

    def folder(self, name: str) -> dict[str, bytes]:
        return {p: c for p, c in self.files.items() if p.startswith(f"{name}/")}


def parcel(processes: dict[str, str], forms: dict[str, Any] | None = None) -> Parcel:
    files = {f"processes/{k}.bpmn": v.encode() for k, v in processes.items()}
    files |= {f"forms/{k}.json": json.dumps(v).encode() for k, v in (forms or {}).items()}
    return Parcel(files)


async def install(rt: Runtime, package: Parcel) -> None:
    async with rt.act(Actor.system("test"), "process.start", Resource("process", "x")) as act:
        for section in SECTIONS:
            await section.handler.install(act, package, None)
        act.record()


class Town:
    """The small city with the process installed: ``await town.start()``, ``town.person("handler", EAST)``."""

    def __init__(self, rt: Runtime) -> None:
        self.rt = rt
        self.directory = rt.part(Directory)
        self.calls: list[dict[str, Any]] = []
        self.route: Any = lambda inputs: {"weight": 2}
        rt.registry.rooms += (Room("test", "yiwang.kernel.db", capabilities=(Capability("test.route", self._route),)),)

    async def _route(self, act: Any, inputs: dict[str, Any], context: Any) -> dict[str, Any]:
        self.calls.append({"inputs": inputs, "context": context})
        return self.route(inputs)

    def post(self, role: str, org: str) -> int:
        found = self.directory.post_for(org, role)
        assert found is not None, (role, org)
        return found.id

    def person(self, role: str, org: str, name: str = "", areas: tuple[str, ...] = ()) -> Actor:
        post, where = self.post(role, org), self.directory.org(org).id
        return Actor("staff", uuid4(), name or f"{org}-{role}", post, (post,), (where,), areas, frozenset({role}))

    async def start(
        self,
        title: str = "路灯不亮",
        no: str = "2026-1",
        area: str = "999901001",
        key: str = "requests",
        data: Any = None,
    ) -> UUID:
        subject = Subject("incident", uuid4(), title, no)
        org = self.directory.org(HQ).id
        async with self.rt.act(Actor.system("test"), "process.start", Resource("process", "x")) as act:
            instance = await start_process(act, key, subject, data or {}, org=org, area=area)
            act.record()
        return instance

    async def tasks(self, instance: UUID) -> list[Any]:
        async with self.rt.read_as_system() as db:
            return await db.fetch("select * from process.task where instance = $1 order by opened_at, id", instance)

    async def live(self, instance: UUID, step: str | None = None, kind: str | None = None) -> Any:
        rows = [
            r
            for r in await self.tasks(instance)
            if r["live"] and step in (None, r["step"]) and kind in (None, r["kind"])
        ]
        assert len(rows) == 1, rows
        return rows[0]

    async def row(self, task: UUID) -> Any:
        async with self.rt.read_as_system() as db:
            return await db.fetchrow("select * from process.task where id = $1", task)

    async def instance(self, key: UUID) -> Any:
        async with self.rt.read_as_system() as db:
            return await db.fetchrow("select * from process.instance where id = $1", key)

    async def do(self, verb: Any, actor: Actor, *args: Any, **more: Any) -> Any:
        async with unit(self.rt, actor) as work:
            return await verb(work, *args, **more)

# ruff: noqa: E501 - process files in one line each, so that the line of a problem can be told
"""Short ways to write process files in tests. Every element stands on a line of its own, so that lines can be checked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from yiwang.kernel.process.engine import Run, compile_process

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:yw="https://yiwang.dev/bpmn/1"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)


def process(*lines: str, key: str = "p", outside: tuple[str, ...] = ()) -> bytes:
    """A file: line 1 the root, then ``outside``, the process, its elements one a line."""
    parts = [
        HEAD,
        *outside,
        f'<process id="{key}" name="流程" isExecutable="true">',
        *lines,
        "</process>",
        "</definitions>",
    ]
    return "\n".join(parts).encode()


def start(to: str, id: str = "s") -> str:
    return f'<startEvent id="{id}"/>' + flow(id, to)


def end(id: str = "e", inner: str = "") -> str:
    return f'<endEvent id="{id}">{inner}</endEvent>'


def flow(source: str, target: str, when: str = "", id: str = "") -> str:
    condition = f"<conditionExpression>{when}</conditionExpression>" if when else ""
    return f'<sequenceFlow id="{id or f"{source}-{target}"}" sourceRef="{source}" targetRef="{target}">{condition}</sequenceFlow>'


def user(id: str, *to: str, attrs: str = "", inner: str = "") -> str:
    return f'<userTask id="{id}" name="{id}" yw:role="handler" {attrs}>{inner}</userTask>' + "".join(
        flow(id, t) for t in to
    )


def sets(id: str, to: str, **values: str) -> str:
    children = "".join(f'<yw:set name="{k}">{v}</yw:set>' for k, v in values.items())
    return f'<scriptTask id="{id}"><extensionElements>{children}</extensionElements></scriptTask>' + flow(id, to)


def service(id: str, to: str, capability: str = "c.do", inputs: dict | None = None, outputs: dict | None = None) -> str:
    children = "".join(f'<yw:input name="{k}">{v}</yw:input>' for k, v in (inputs or {}).items())
    children += "".join(f'<yw:output name="{k}">{v}</yw:output>' for k, v in (outputs or {}).items())
    return (
        f'<serviceTask id="{id}" yw:capability="{capability}"><extensionElements>{children}</extensionElements>'
        f"</serviceTask>{flow(id, to)}"
    )


def gateway(kind: str, id: str, *flows: str, default: str = "") -> str:
    mark = f' default="{default}"' if default else ""
    return f'<{kind}Gateway id="{id}"{mark}/>' + "".join(flows)


def timer(text: str = "PT1H", kind: str = "timeDuration") -> str:
    if kind == "span":
        return f'<timerEventDefinition yw:span="{text}"/>'
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def message(ref: str = "m1") -> str:
    return f'<messageEventDefinition messageRef="{ref}"/>'


def catch(id: str, to: str, inner: str) -> str:
    return f'<intermediateCatchEvent id="{id}">{inner}</intermediateCatchEvent>' + flow(id, to)


def boundary(id: str, on: str, to: str, inner: str, interrupting: bool = True) -> str:
    cancel = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{id}" attachedToRef="{on}"{cancel}>{inner}</boundaryEvent>' + flow(id, to)


MESSAGE = ('<message id="m1" name="supplement"/>',)


class Story:
    """A run that is followed by the names of its steps. After every move it goes through its stored text."""

    def __init__(self, xml: bytes, data: dict | None = None, *, stored: bool = True, due=None, **known) -> None:
        self.spec = compile_process(xml, file="p.bpmn", **known)
        self.now = NOW
        self.due = due
        self.stored = stored
        self.run = Run.new(self.spec, data or {}, self.now, due)
        self.open: dict[str, list[str]] = {}
        self.calls: dict[str, str] = {}
        self.inputs: dict[str, dict] = {}
        self.opened: list = []
        self.closed: list[str] = []
        self._take(self.run.started)

    def _take(self, effects):
        self.last = effects
        self.opened += effects.opened
        for step in effects.opened:
            self.open.setdefault(step.step, []).append(step.token_id)
        for call in effects.services:
            self.calls[call.step] = call.token_id
            self.inputs[call.step] = dict(call.inputs)
        for token in effects.closed:
            self.closed.append(token)
            for tokens in self.open.values():
                if token in tokens:
                    tokens.remove(token)
            self.calls = {step: t for step, t in self.calls.items() if t != token}
        if self.stored:
            text = self.run.dump()
            self.run = Run.load(self.spec, text, self.now, self.due)
            assert self.run.dump() == text
        return self

    def steps(self) -> list[str]:
        """The open human tasks, each as often as it is open; and it must be what the run itself says."""
        mine = sorted(step for step, tokens in self.open.items() for _ in tokens)
        assert mine == sorted(s.step for s in self.run.open_steps(self.now))
        return mine

    def do(self, step: str, which: int = 0, /, **data):
        return self._take(self.run.complete(self.open[step].pop(which), data, self.now))

    def answer(self, step: str, /, **result):
        return self._take(self.run.complete(self.calls.pop(step), result, self.now))

    def fail(self, step: str, code: str):
        token = self.calls.get(step) or self.open[step][0]
        return self._take(self.run.fail(token, code, self.now))

    def wait(self, **span):
        self.now += timedelta(**span)
        return self._take(self.run.advance(self.now))

    def tell(self, name: str, /, **payload):
        return self._take(self.run.deliver(name, payload, self.now))

    @property
    def ended(self):
        return self.run.ended

    @property
    def data(self):
        return self.run.data

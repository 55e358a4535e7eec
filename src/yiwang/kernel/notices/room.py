"""What the notices bring: the sending loop, and `notice.send` for processes and for kernel.identity below."""

from __future__ import annotations

from typing import Any

from yiwang.kernel.notices.send import send
from yiwang.kernel.notices.sender import send_due
from yiwang.kernel.notices.stories import STEPS
from yiwang.kernel.notices.templates import TemplateBook
from yiwang.kernel.runtime import Capability, Loop, Room, Runtime
from yiwang.kernel.write import Act


async def _send(act: Act, inputs: dict[str, Any], _context: Any) -> dict[str, Any]:
    queued = await send(
        act,
        inputs["template"],
        inputs["to"],
        inputs.get("params") or {},
        channel=inputs.get("channel"),
        locale=inputs.get("locale"),
        href=inputs.get("href") or "",
        dedupe=inputs.get("dedupe"),
    )
    return {"queued": queued}


async def _check_templates(rt: Runtime) -> None:
    rt.part(TemplateBook)


ROOM = Room(
    "notices",
    "yiwang.kernel.notices",
    loops=(Loop("notices.send", every_s=2.0, run=send_due),),
    on_start=(_check_templates,),
    story_steps=STEPS,
    capabilities=(
        Capability(
            "notice.send",
            _send,
            inputs={
                "template": {"type": "string"},
                "to": {"type": "object"},
                "params": {"type": "object"},
                "channel": {"enum": ["sms", "email", "inapp", None]},
                "locale": {"enum": ["zh", "en", None]},
                "href": {"type": "string"},
                "dedupe": {"type": "string"},
            },
            required=("template", "to"),
            doc="Queue a message by template to an account, a post, a phone or a mail address.",
        ),
    ),
)

"""Bare SpiffWorkflow on the same file: in memory, nothing stored. What the engine is compared with."""

from __future__ import annotations

import re
from pathlib import Path

from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

FILE = Path(__file__).with_name("rounds.bpmn")


def bare_xml() -> bytes:
    """The file with each yw:set written as a Python script, which is what bare SpiffWorkflow runs."""
    text = FILE.read_text("utf-8")
    text = re.sub(
        r"<extensionElements>\s*<yw:set name=\"(\w+)\">(.*?)</yw:set>\s*</extensionElements>",
        r"<script>\1 = \2</script>",
        text,
        flags=re.S,
    )
    return text.encode()


class Bare:
    """One instance of bare SpiffWorkflow."""

    spec = None

    def __init__(self, data: dict) -> None:
        if Bare.spec is None:
            parser = BpmnParser()
            parser.add_bpmn_xml(etree.fromstring(bare_xml()), filename="rounds.bpmn")
            Bare.spec = parser.get_spec("rounds")
        self.workflow = BpmnWorkflow(Bare.spec)
        self.workflow.task_tree.data.update(data)
        self.workflow.do_engine_steps()

    def step(self) -> bool:
        """Complete the one open human task; False when there is none."""
        task = self.workflow.get_next_task(state=TaskState.READY, manual=True)
        if task is None:
            return False
        task.data["result"] = "done"
        task.run()
        self.workflow.do_engine_steps()
        return True

"""Ctrl-C leaves no child; after SIGKILL of the supervisor its children end, and the next start works."""

from __future__ import annotations

import shutil
import urllib.request

import pytest
from bench.stack import launch, new_state

from tests.faults.town import children, gone, interrupt, kill

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]


@pytest.fixture
def state():
    folder = new_state()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_ctrl_c_leaves_nothing_behind_and_a_killed_supervisor_can_be_followed_by_another(state) -> None:
    first = launch(state)
    had = children(first)
    assert all(had.values()), had
    interrupt(first.process)
    assert first.process.wait(60) == 0
    assert gone(state, 5) == {}

    second = launch(state)
    kill(second.process.pid)
    second.process.wait()
    third = launch(state)
    try:
        with urllib.request.urlopen(f"{third.url}/readyz", timeout=10) as answer:
            assert answer.status == 200
        assert all(children(third).values()) or children(third)["web"], "a supervisor without a web process"
    finally:
        third.stop()
    left = gone(state, 20)
    assert left == {}, left

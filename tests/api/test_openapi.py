"""Every operation of the API, by its own description: never a 500, and every answer is as described."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from tests.api.conftest import CALLERS, Callers, description

DESCRIBED = description()
SCHEMA = schemathesis.openapi.from_dict(DESCRIBED)
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}
CHECKS = [
    schemathesis.checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
BOUNDED = settings(
    max_examples=8, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


def test_the_description_is_valid_openapi_3_1() -> None:
    assert DESCRIBED["openapi"].startswith("3.1")
    SCHEMA.validate()


def test_every_operation_says_what_it_is_and_has_an_id_of_its_own() -> None:
    ids, unnamed = [], []
    for path, methods in DESCRIBED["paths"].items():
        for method, operation in methods.items():
            ids.append(operation["operationId"])
            if not operation.get("summary"):
                unnamed.append(f"{method} {path}")
    assert not unnamed
    assert len(ids) == len(set(ids))


def test_every_operation_describes_its_refusals_as_problem_details() -> None:
    missing = []
    for path, methods in DESCRIBED["paths"].items():
        if not path.startswith("/api/"):
            continue
        for method, operation in methods.items():
            for code, told in operation["responses"].items():
                if code.startswith(("4", "5")) and "application/problem+json" not in told.get("content", {}):
                    missing.append(f"{method} {path} {code}")
    assert not missing


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("label", sorted(OPERATIONS))
async def test_operation(callers: Callers, label: str, caller: str) -> None:
    operation, loop = OPERATIONS[label], asyncio.get_running_loop()

    async def send(request: requests.PreparedRequest) -> Any:
        client = callers.clients[caller]
        headers = {k.lower(): v for k, v in request.headers.items() if k.lower() != "content-length"}
        body = request.body.encode() if isinstance(request.body, str) else request.body
        return await client.request(
            request.method, request.url, content=body, headers=headers | callers.headers[caller] | {"accept": "*/*"}
        )

    @BOUNDED
    @given(data=st.data())
    def run(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from([GenerationMode.POSITIVE, GenerationMode.POSITIVE, GenerationMode.NEGATIVE]))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        for name in case.path_parameters or {}:
            real = callers.known(name)
            if real and data.draw(st.integers(0, 3)):
                case.path_parameters[name] = data.draw(st.sampled_from(real))
        prepared = requests.Request(**case.as_transport_kwargs(base_url="http://127.0.0.1:8000")).prepare()
        answer = asyncio.run_coroutine_threadsafe(send(prepared), loop).result(60)
        case.validate_response(answer, checks=CHECKS)

    await asyncio.to_thread(run)

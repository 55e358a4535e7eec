"""Boards, export and API as readers meet them."""

from __future__ import annotations

import csv
import io

from tests.assess.assess_kit import visitor

BOARD = "/assess/resident-requests/overview"


async def test_a_board_shows_numbers_names_and_how_they_are_computed(reader):
    page = await reader.get(BOARD, params={"by": "category"})
    assert page.status_code == 200
    assert "33.3" in page.text
    assert "not recorded" in page.text
    assert "How it is computed" in page.text
    first = await reader.get("/assess")
    assert first.status_code == 303
    assert first.headers["location"].startswith("/assess/resident-requests/")


async def test_every_board_opens_by_every_dimension(reader):
    for board in ("overview", "by-place"):
        for by in (
            "department",
            "category",
            "district",
            "street",
            "community",
            "channel",
            "urgency",
            "week",
            "month",
            "x",
        ):
            page = await reader.get(f"/assess/resident-requests/{board}", params={"by": by, "period": "365d"})
            assert page.status_code == 200, (board, by)


async def test_what_is_asked_wrongly_is_said_so(reader, city):
    assert (await reader.get("/assess/resident-requests/none")).status_code == 404
    assert (await reader.get(BOARD, params={"from": "tomorrow"})).status_code == 422
    async with visitor(city) as nobody:
        assert (await nobody.get(BOARD)).status_code in (303, 401, 403)
        assert (await nobody.get("/api/v1/indicators")).status_code in (401, 403)


async def test_the_export_holds_every_line_and_no_formula(reader, city):
    async with city.db.transaction("owner") as db:
        await db.execute("update govern.incident set category = '=HYPERLINK(1)' where number = 'D'")
    answer = await reader.get(f"{BOARD}.csv", params={"by": "category"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert len(rows) == 6
    assert "'=HYPERLINK(1)" in {row[0] for row in rows}
    assert not any(cell[:1] in "=+@" for row in rows for cell in row if cell)
    assert "not recorded" in {cell for row in rows for cell in row}


async def test_the_api_gives_the_same_numbers(reader):
    listed = (await reader.get("/api/v1/indicators")).json()
    assert "resident-requests/on-time-rate" in {one["key"] for one in listed}
    body = (await reader.get("/api/v1/indicators/resident-requests/on-time-rate", params={"by": "category"})).json()
    assert body["total"] == 33.3
    assert {line["key"]: line["value"] for line in body["lines"]}["environment.noise"] is None
    narrowed = await reader.get(
        "/api/v1/indicators/resident-requests/opened", params={"from": "2026-01-05", "to": "2026-01-11"}
    )
    assert narrowed.json()["total"] == 2
    assert (await reader.get("/api/v1/indicators/resident-requests/none")).status_code == 404

"""Every rule has a good case (the first package passes them all) and bad cases that name file, line and expectation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from yiwang.kernel.errors import Problem
from yiwang.kernel.runtime import SectionHandler
from yiwang.kernel.scenarios import Known, Package, check_package
from yiwang.kernel.scenarios.rules import ALL

from . import packages

Files = dict[str, bytes]
BPMN = "processes/resident-request.bpmn"
DATA = "datasets/requests.toml"
ITEM = "services/report-a-problem.toml"
TOLD = "sample/requests.csv"
VIEWS = "views/indicators.toml"
STORY = "stories/happy-path.yaml"


def _swap(path: str, old: str, new: str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        text = files[path].decode()
        assert old in text, f"{path} has no {old!r}: the test is out of date"
        files[path] = text.replace(old, new, 1).encode()

    return change


def _put(path: str, content: bytes | str) -> Callable[[Files], None]:
    def change(files: Files) -> None:
        files[path] = content if isinstance(content, bytes) else content.encode()

    return change


def _drop(path: str) -> Callable[[Files], None]:
    return lambda files: files.pop(path) and None


@dataclass(frozen=True)
class Bad:
    """A way to spoil the package, the rule that must see it, where it must say so, and words it must use."""

    rule: str
    spoil: Callable[[Files], None]
    where: str
    words: str


BAD = [
    Bad("layout", _put("processs/a.bpmn", b"x"), "processs/a.bpmn", "Did you mean processes?"),
    Bad("layout", _put("forms/more/a.json", b"{}"), "forms/more/a.json", "no further folders"),
    Bad("layout", _put("forms/a.toml", b""), "forms/a.toml", ".json"),
    Bad("layout", _put("forms/Big Name.json", b"{}"), "forms/Big Name.json", "lower case"),
    Bad("layout", _put("READMEE.md", b""), "READMEE.md", "Did you mean README.md?"),
    Bad("manifest", _drop("scenario.toml"), "scenario.toml", "missing"),
    Bad("manifest", _swap("scenario.toml", 'version = "1.0.0"', 'version = "1.0"'), "scenario.toml:3", "version"),
    Bad("manifest", _swap("scenario.toml", "licence =", "licens ="), "scenario.toml:5", "Did you mean licence?"),
    Bad("manifest", _swap("scenario.toml", '"street", ', '"stret", '), "scenario.toml:4", "Did you mean street?"),
    Bad("manifest", _swap("scenario.toml", 'id = "resident', 'id = "residents'), "scenario.toml", "must be the same"),
    Bad("manifest", _swap("scenario.toml", "[owner]", "[owner"), "scenario.toml:15", "not TOML"),
    Bad("manifest", _put("scenario.toml", b"\xff\xfe"), "scenario.toml", "UTF-8"),
    Bad("strings", _swap("strings/en.toml", "entry = ", "entri = "), "strings/", "Did you mean"),
    Bad("strings", _swap("strings/en.toml", "{code}", "{kode}"), "strings/en.toml:4", "placeholders"),
    Bad("strings", _drop("strings/en.toml"), "strings/en.toml", "missing"),
    Bad("strings", _swap("strings/zh.toml", "[resident-requests]", "[other]"), "strings/zh.toml:2", "belongs below"),
    Bad("strings", _swap("strings/zh.toml", "entry = ", 'empty = ""\nentry = '), "strings/zh.toml:2", "not empty"),
    Bad("forms", _put("forms/accept.json", b'{"type": '), "forms/accept.json:1", "not JSON"),
    Bad("forms", _swap("forms/close.json", '"maxLength": 1000', '"maxLenght": 1000'), "forms/close.json", "maxLenght"),
    Bad("decisions", _swap("decisions/urgency.dmn", 'id="urgency"', 'id="other"'), "decisions/urgency.dmn", "other"),
    Bad("decisions", _swap("decisions/deadlines.dmn", "FIRST", "PRIORITY"), "decisions/deadlines.dmn:4", "PRIORITY"),
    Bad("decisions", _swap("decisions/deadlines.dmn", '>"urgent"<', '>"urgent<'), "decisions/deadlines.dmn:", ""),
    Bad("processes", _swap(BPMN, "bpmn:scriptTask", "bpmn:sendTask"), BPMN, ""),
    Bad("processes", _swap(BPMN, "again == true", "again == = true"), f"{BPMN}:", "again"),
    Bad("processes", _swap(BPMN, 'id="resident-request" name', 'id="other" name'), BPMN, "must be the same"),
    Bad("processes", _swap(BPMN, 'yw:title-en="Dispatch" ', ""), f"{BPMN}:", "no English name"),
    Bad("processes", _swap(BPMN, 'bpmnElement="verify"', 'bpmnElement="verified"'), f"{BPMN}:", "no shape"),
    Bad("processes", _swap(BPMN, 'yw:role="verifier" yw:org="verify_org" ', ""), f"{BPMN}:", "nobody"),
    Bad("processes", _swap(BPMN, 'yw:form="verify" ', ""), f"{BPMN}:", "no form"),
    Bad("services", _swap(ITEM, 'kind = "report"', 'kind = "raport"'), "services/", "report"),
    Bad("services", _swap(ITEM, 'id = "report-', 'id = "raport-'), "services/", "same"),
    Bad("datasets", _swap(DATA, 'key = ["number"]', 'key = ["numbr"]'), f"{DATA}:8", "Did you mean number?"),
    Bad("datasets", _swap(DATA, "closed_at >= opened_at", "closed_at >= opend_at"), f"{DATA}:20", "opend_at"),
    Bad("datasets", _swap(DATA, 'share = "on-request"', 'share = "closed"'), f"{DATA}:5", "basis"),
    Bad("datasets", _swap(DATA, "govern.incident", "govern.incidents"), f"{DATA}:4", "Did you mean govern.incident?"),
    Bad("datasets", _swap(DATA, "required = true\n", ""), f"{DATA}:", "must be required"),
    Bad("noticing", _swap("rules/closed-late.toml", "on_time ==", "on_tme =="), "rules/closed-late.toml:6", "on_tme"),
    Bad("noticing", _swap("rules/closed-late.toml", '"requests"', '"request"'), "rules/closed-late.toml:5", "requests"),
    Bad("noticing", _swap("rules/closed-late.toml", '"requests"', '"a.b"'), "rules/closed-late.toml:5", "not declared"),
    Bad("views", _swap(VIEWS, 'measure = "closed"', 'measure = "closd"'), f"{VIEWS}:", "Did you mean closed?"),
    Bad("views", _swap(VIEWS, '"department", ', '"departmnt", '), f"{VIEWS}:", "Did you mean department?"),
    Bad("views", _swap(VIEWS, '"open-now", "closed-rate"', '"open-now", "closed-rat"'), f"{VIEWS}:", "closed-rate"),
    Bad("views", _swap(VIEWS, 'id = "closed"', 'id = "opened"'), f"{VIEWS}:", "already defined"),
    Bad("policies", _put("policies/more.cedar", "permit (principal, action, resource);"), "policies/more.cedar", ""),
    Bad("policies", _put("policies/more.cedar", b"\xff"), "policies/more.cedar", "UTF-8"),
    Bad("roles", _swap(BPMN, 'yw:role="callback"', 'yw:role="calback"'), f"{BPMN}:", "Did you mean callback?"),
    Bad("roles", _swap("scenario.toml", '"callback", ', ""), f"{BPMN}:", "not declared"),
    Bad("capabilities", _swap(BPMN, '"incident.close"', '"incident.clos"'), f"{BPMN}:", "Did you mean incident.close?"),
    Bad("capabilities", _swap("scenario.toml", '    "incident.close",\n', ""), f"{BPMN}:", "not declared"),
    Bad("capabilities", _swap("scenario.toml", '"incident.close"', '"incident.close", "x.y"'), "scenario", "uses"),
    Bad("references", _swap(BPMN, 'yw:form="verify"', 'yw:form="verfy"'), f"{BPMN}:", "Did you mean verify?"),
    Bad("references", _swap(BPMN, 'yw:decision="urgency"', 'yw:decision="urgenci"'), f"{BPMN}:", "urgency"),
    Bad("references", _swap(ITEM, '"resident-request"', '"resident"'), "services/", "process"),
    Bad("references", _put("forms/lonely.json", packages.good()["forms/close.json"]), "forms/lonely.json", "refers"),
    Bad("stories", _swap(STORY, "{task: 受理分类, form", "{task: 受理分, form"), f"{STORY}:", "Did you mean 受理分类?"),
    Bad("stories", _swap(STORY, "{verified: true}", "{verifid: true}"), f"{STORY}:", "Did you mean verified?"),
    Bad("stories", _swap(STORY, "as: verifier", "as: verifer"), f"{STORY}:", "Did you mean verifier?"),
    Bad("stories", _swap(STORY, "wait: 1 working day", "wayt: 1 working day"), f"{STORY}:", "Did you mean wait?"),
    Bad("stories", _swap(STORY, "at: 2026-03-02T09:00+08:00", "at: yesterday"), f"{STORY}:4", "moment"),
    Bad("stories", _put(STORY, "story: [\n"), f"{STORY}:", "not YAML"),
    Bad("stories", _put(STORY, "story: &a x\nat: *a\nsteps: !!python/object:os.system []\n"), STORY, ""),
    Bad("sample", _swap(TOLD, ",road.light,", ",,"), f"{TOLD}:2", "category"),
    Bad("sample", _swap(TOLD, ",normal,", ",urgnt,"), f"{TOLD}:2", "code list"),
    Bad("sample", _swap(TOLD, "0002", "0001"), f"{TOLD}:3", "same as in line 2"),
    Bad("sample", _swap(TOLD, "2026-03-04T15:20", "2026-03-01T15:20"), f"{TOLD}:2", "closed-after"),
    Bad("sample", _put("sample/request.csv", b"a\n1\n"), "sample/request.csv", "Did you mean requests?"),
    Bad("readme", _drop("README.md"), "README.md", "missing"),
    Bad("readme", _put("README.md", "# Short"), "README.md", "short"),
    Bad("readme", _put("README.md", "x" * 300), "README.md:1", "heading"),
    Bad("quality", _drop("quality.toml"), "quality.toml", "missing"),
    Bad("quality", _swap("quality.toml", "[rungs.readme]", "[rungs.readmee]"), "quality.toml:", "readme"),
    Bad("quality", _swap("quality.toml", 'status = "todo"', 'status = "exempt"'), "quality.toml:", "because"),
]  # fmt: skip


def test_the_first_package_has_no_problem() -> None:
    assert packages.problems(packages.good()) == []


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad.rule}-{BAD.index(bad)}")
def test_a_spoilt_package_is_named_with_place_and_expectation(bad: Bad) -> None:
    files = packages.good()
    bad.spoil(files)
    found = packages.problems(files, bad.rule)
    texts = [str(item) for item in found]
    assert any(str(item.where).startswith(bad.where) and bad.words in str(item) for item in found), texts


def test_every_rule_has_a_bad_case() -> None:
    # what `safety` sees needs real files: test_reading.py; `sections` has its own test below
    assert {rule.name for rule in ALL} - {bad.rule for bad in BAD} == {"safety", "sections"}


def test_a_folder_that_no_room_takes_is_named_and_not_dropped_in_silence() -> None:
    full = packages.known()
    without = replace(full, sections=tuple(s for s in full.sections if s.folder != "views"))
    found = [item for item in check_package(packages.package(packages.good()), without) if item.rule == "sections"]
    assert any(item.where == "views" and "No installed net takes the folder views" in str(item) for item in found)


def test_what_a_room_finds_is_tagged_and_told() -> None:
    class Picky:
        def check(self, package: Package, known: Known) -> list[Problem]:
            return [Problem("views/indicators.toml:1", "x.y", text="I do not like it")]

    known = replace(packages.known(), sections=(SectionHandler("views", (".toml",), Picky()),))
    found = check_package(packages.package(packages.good()), known)
    assert "views/indicators.toml:1: I do not like it [sections]" in [str(item) for item in found]


def test_all_problems_are_collected_at_once() -> None:
    files = packages.good()
    for bad in (BAD[0], BAD[12], BAD[31], BAD[50]):
        bad.spoil(files)
    assert len({item.rule for item in packages.problems(files)}) >= 4


def test_a_process_that_does_not_compile_still_names_its_dangling_references() -> None:
    files = packages.good()
    files["processes/second.bpmn"] = packages.BARE.replace(b'yw:form="accept"', b'yw:form="acept"')
    found = {item.rule: item for item in packages.problems(files) if item.where.startswith("processes/second.bpmn")}
    assert "Did you mean accept?" in str(found["references"])
    assert "processes" in found

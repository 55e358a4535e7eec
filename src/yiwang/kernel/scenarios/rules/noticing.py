"""noticing: rules/*.toml read a dataset that is there, and their CEL compiles against its fields."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from yiwang.kernel.cel import CelError, compile_cel
from yiwang.kernel.errors import Problem
from yiwang.kernel.scenarios.formats import Dataset, NoticeRule
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import guess, place, problem
from yiwang.kernel.scenarios.rule import Known, Rule
from yiwang.kernel.scenarios.rules.datasets import cel_names
from yiwang.kernel.scenarios.toml_file import line_of, toml_lines


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Parse every file of rules/ and compile its expressions."""
    own = {dataset.id: dataset for dataset in package.datasets.values()}
    for path in package.folder("rules"):
        rule, problems = package.typed("noticing", path, NoticeRule)
        yield from problems
        if rule is None:
            continue
        if rule.id != PurePosixPath(path).stem:
            yield problem("noticing", path, "id_not_file", id=rule.id, stem=PurePosixPath(path).stem)
        lines = toml_lines(package.files[path].decode())
        if "." in rule.dataset:
            yield from _foreign(package, path, rule, line_of(lines, ("dataset",)))
        elif rule.dataset not in own:
            yield problem(
                "noticing",
                place(path, line_of(lines, ("dataset",))),
                "dangling",
                field="dataset",
                found=rule.dataset,
                kind="dataset",
                known=", ".join(own),
                meant=guess(rule.dataset, own),
            )
        else:
            yield from _compile(path, rule, own[rule.dataset], lines)


def _foreign(package: Package, path: str, rule: NoticeRule, line: int) -> Iterator[Problem]:
    declared = package.manifest.needs.datasets if package.manifest else ()
    if rule.dataset not in declared:
        yield problem("noticing", place(path, line), "not_declared", needs="datasets", found=rule.dataset,
                      meant=guess(rule.dataset, declared))  # fmt: skip


def _compile(
    path: str, rule: NoticeRule, dataset: Dataset, lines: dict[tuple[str | int, ...], int]
) -> Iterator[Problem]:
    names = cel_names(dataset)
    for at, text in ((("when",), rule.when), (("raises", "area"), rule.raises.area)):
        try:
            compile_cel(text, names=names)
        except CelError as error:
            yield error.problem(place(path, line_of(lines, at)), "noticing")
    for subject in rule.subject:
        if subject not in names:
            yield problem("noticing", place(path, line_of(lines, ("subject",))), "key_unknown", field=subject,
                          known=", ".join(names), meant=guess(subject, names))  # fmt: skip


RULE = Rule("noticing", "Rules read a dataset that is there, and their CEL compiles against its fields.", check)

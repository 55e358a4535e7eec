"""forms: every form is JSON and a form of Yiwang."""

from __future__ import annotations

import json
from collections.abc import Iterator

from yiwang.kernel.errors import Problem
from yiwang.kernel.forms import check_form
from yiwang.kernel.scenarios.package import Package
from yiwang.kernel.scenarios.problems import place, problem, tagged
from yiwang.kernel.scenarios.rule import Known, Rule


def check(package: Package, _known: Known) -> Iterator[Problem]:
    """Parse every file of forms/ and ask the forms part."""
    for path, content in package.folder("forms").items():
        try:
            form = json.loads(content.decode("utf-8"))
        except UnicodeDecodeError as error:
            yield problem("forms", path, "not_utf8", position=error.start)
        except json.JSONDecodeError as error:
            yield problem("forms", place(path, error.lineno), "bad_json", reason=error.msg)
        except RecursionError:
            yield problem("forms", path, "bad_json", reason="nested too deeply")
        else:
            yield from (tagged("forms", found) for found in check_form(form, path))


RULE = Rule("forms", "Every form is JSON Schema in the closed subset, with words in both languages.", check)

"""What CONTRIBUTING.md shows to copy is what the project has."""

from __future__ import annotations

import re

import pytest

from explainers import project

TEXT = (project.HERE / "CONTRIBUTING.md").read_text(encoding="utf-8")
# Each block of code, with the file that is named last before it.
BLOCKS = [
    (re.findall(r"`((?:explainers|tests)/[\w/-]+\.py)`", TEXT[: block.start()])[-1], block[1])
    for block in re.finditer(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
]


def test_a_claim_a_snippet_and_a_test_are_shown() -> None:
    assert [path.split("/")[-2] for path, _ in BLOCKS] == ["detection", "snippets", "detection"]


@pytest.mark.parametrize(("path", "code"), BLOCKS, ids=[path for path, _ in BLOCKS])
def test_what_is_to_be_copied_stands_in_its_file(path: str, code: str) -> None:
    assert code in (project.HERE / path).read_text(encoding="utf-8"), f"copy it anew from {path}"

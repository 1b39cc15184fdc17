"""What is pasted elsewhere: each claim's two sentences, its formula, and its few lines of code."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from math_core import LatexToMathML

from explainers import catalogue, sweep
from explainers.claim import Claim, Verdict
from explainers.records import Chapter

DOCS = Path(__file__).parents[1] / "docs"
CLAIMS = [(chapter, claim) for chapter in catalogue.CHAPTERS for claim in chapter.claims]
every_claim = pytest.mark.parametrize(
    ("chapter", "claim"), CLAIMS, ids=[claim.id for _, claim in CLAIMS]
)
# A number as a snippet prints it, with the decimals that it shows.
NUMBER = re.compile(r"[-+]?\d+(?:\.(?P<decimals>\d+))?(?:e[-+]?\d+)?")
CONDITION = re.compile(
    r"\b(if|when|where|while|unless|until|only|without|provided|as long as|once|but|whether)\b",
    re.IGNORECASE,
)
# Snippets that need the package though they measure no photograph.
FROM_PACKAGE: set[str] = set()


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    content = json.loads((DOCS / "claims.json").read_text(encoding="utf-8"))
    return {claim["id"]: claim for claim in content["claims"]}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def literals(snippet: str) -> set[float]:
    """The numbers that stand in the code."""
    nodes = (node for node in ast.walk(ast.parse(snippet)) if isinstance(node, ast.Constant))
    return {float(node.value) for node in nodes if isinstance(node.value, int | float)}


@every_claim
def test_answer_is_two_sentences_that_stand_alone(chapter: Chapter, claim: Claim) -> None:
    sentences = re.split(r"(?<=[.?!])\s+(?=[A-Z0-9{“])", claim.answer)
    assert len(sentences) == 2, sentences
    assert all(sentence.endswith(".") for sentence in sentences)
    assert 90 <= len(claim.answer) <= 480
    words = re.sub(r"\{[^}]*\}", "", claim.answer)
    assert not re.search(r"[*_`$\[\]\\<>{}]", words), "plain text"
    if sweep.verdict(claim) is Verdict.ON_CONDITION:
        assert CONDITION.search(claim.answer)


@every_claim
def test_snippet_reaches_each_number_of_the_answer(chapter: Chapter, claim: Claim) -> None:
    named = placeholders(claim.answer)
    assert claim.prints
    assert set(claim.prints) <= named
    given = literals(chapter.snippet(claim.id))
    values = claim.computed()
    assert [n for n in named - set(claim.prints) if float(values[n].value) not in given] == []


@every_claim
def test_snippet_is_short_and_needs_numpy_alone(chapter: Chapter, claim: Claim) -> None:
    lines = [line for line in chapter.snippet(claim.id).splitlines() if line.strip()]
    assert 5 <= len(lines) <= 10
    assert max(map(len, lines)) <= 88
    nodes = list(ast.walk(ast.parse("\n".join(lines))))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    others = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    package = {"explainers"} if "dahlia" in claim.sources or claim.id in FROM_PACKAGE else set()
    assert others <= {"numpy"} | package
    assert all(find_spec(name) for name in others)
    assert not any(isinstance(node, ast.Name) and node.id == "open" for node in nodes)


@every_claim
def test_snippet_prints_the_published_numbers(
    chapter: Chapter, claim: Claim, published: dict[str, Any], tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", chapter.snippet(claim.id)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    printed = list(NUMBER.finditer(done.stdout))
    values = published[claim.id]["values"]
    assert len(printed) == len(claim.prints), done.stdout
    for name, number in zip(claim.prints, printed, strict=True):
        value = values[name]["value"]
        rounding = 0.501 * 10.0 ** -len(number["decimals"] or "")
        assert abs(float(number[0]) - value) <= claim.within + rounding * (value != int(value)), (
            name
        )
        if value and abs(value) < 1:  # enough digits to tell the number from another
            assert rounding < abs(value) / 20, name


@every_claim
def test_formula_is_known_and_names_no_result(chapter: Chapter, claim: Claim) -> None:
    mathml = LatexToMathML().convert_with_local_state(claim.formula, displaystyle=True)
    assert "<math" in mathml
    assert not re.search(r"\d\.\d|\d{4}", claim.formula), "numbers come from the values"
    assert len(claim.formula) <= 240

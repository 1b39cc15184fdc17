"""What is pasted elsewhere: each claim's sentences, its formula, and its few lines of code."""

from __future__ import annotations

import ast
import json
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from math_core import LatexToMathML

from explainers import catalogue, project, sweep
from explainers.chapter import Chapter
from explainers.claim import Claim, Verdict
from explainers.records import Formula
from explainers.wording import sentences

CLAIMS = [(chapter, claim) for chapter in catalogue.CHAPTERS for claim in chapter.claims]
every_claim = pytest.mark.parametrize(
    ("chapter", "claim"), CLAIMS, ids=[claim.id for _, claim in CLAIMS]
)
# Snippets that take seconds: `make check` leaves them to `make test`.
LONG = {"depth-widens-the-window", "dahlia-scrambled-accepted", "global-pool-is-invariant"}
every_snippet = pytest.mark.parametrize(
    ("chapter", "claim"),
    [
        pytest.param(*each, id=each[1].id, marks=[pytest.mark.slow] * (each[1].id in LONG))
        for each in CLAIMS
    ],
)
# A number as a snippet prints it, with the decimals that it shows.
NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.(?P<decimals>\d+))?(?P<percent>%)?")
ZERO = re.compile(r"(?<![\d.,])[-−]?0(?:[.,]0+)?%?(?![\d.,]*\d)")
# What makes a line of code hard to follow: each of these is a step in a reader's head.
STEPS = (ast.Call, ast.BinOp, ast.UnaryOp, ast.Compare, ast.Subscript, ast.comprehension)
CONDITION = re.compile(
    r"\b(if|when|where|while|unless|until|only|without|provided|as long as|once|but|whether)\b",
    re.IGNORECASE,
)
# Snippets that need the package though they measure no photograph: networks take an hour to train.
FROM_PACKAGE = {
    "pooling-raises-accuracy",
    "max-pooling-at-equal-multiplications",
    "strided-convolutions-do-as-well",
    "pooling-reduces-overfitting",
    "pooled-network-robust-to-moves",
    "one-pixel-changes-answers",
    "moved-training-does-more",
    "pooled-network-robust-to-noise",
    "global-pooling-takes-any-size",
    "pooling-a-kind-of-dropout",
    "pooled-network-trains-all-weights",
    "exchanged-parts-noticed",
}


@cache
def record(chapter: Chapter, id: str) -> dict[str, Any]:
    """A claim as it is published; what is published is computed again by its chapter's tests."""
    path = project.HERE / "docs" / "claims" / id / "claim.json"
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    assert content["chapter"] == chapter.id
    return content


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def literals(snippet: str) -> set[float]:
    """The numbers that stand in the code."""
    nodes = (node for node in ast.walk(ast.parse(snippet)) if isinstance(node, ast.Constant))
    return {float(node.value) for node in nodes if isinstance(node.value, int | float)}


@every_claim
def test_answer_is_what_a_person_would_post(chapter: Chapter, claim: Claim) -> None:
    """Its first sentence is a comment by itself: with a number, and with the condition."""
    answer = record(chapter, claim.id)["answer"]
    first, *others = sentences(claim.answer)
    assert 1 <= len(others) <= 3
    assert all(sentence.endswith(".") for sentence in (first, *others))
    assert 40 <= len(answer.split()) <= 90
    assert len(first.split()) <= 42
    assert placeholders(first)
    assert len(NUMBER.findall(sentences(answer)[0])) <= 6
    assert not re.search(r"[*_`$\[\]\\<>{}]", answer), "plain text"
    assert not ZERO.search(answer), "in words: none, no, never"
    if sweep.verdict(claim) is Verdict.ON_CONDITION:
        assert CONDITION.search(first)


def test_a_zero_is_found_where_it_stands_alone() -> None:
    assert all(map(ZERO.search, ("loses 0 of", "0.0% of those", "by −0.00 points", "is 0.")))
    assert not any(map(ZERO.search, ("0.5", "10", "1.0", "5,000 of", "0.01%", "of 100%")))


@every_claim
def test_snippet_reaches_each_number_of_the_answer(chapter: Chapter, claim: Claim) -> None:
    named = placeholders(claim.answer)
    assert claim.prints
    assert set(claim.prints) <= named
    given = literals(chapter.snippet(claim.id))
    values = record(chapter, claim.id)["values"]
    assert [n for n in named - set(claim.prints) if float(values[n]["value"]) not in given] == []


@every_claim
def test_snippet_is_short_and_needs_numpy_alone(chapter: Chapter, claim: Claim) -> None:
    lines = [line for line in chapter.snippet(claim.id).splitlines() if line.strip()]
    assert 5 <= len(lines) <= 24
    nodes = list(ast.walk(ast.parse("\n".join(lines))))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    others = {name.partition(".")[0] for name in modules} - sys.stdlib_module_names
    package = {"explainers"} if "dahlia" in claim.sources or claim.id in FROM_PACKAGE else set()
    assert others <= {"numpy"} | package
    assert all(find_spec(name) for name in others)
    assert not any(isinstance(node, ast.Name) and node.id == "open" for node in nodes)


@every_claim
def test_snippet_can_be_read(chapter: Chapter, claim: Claim) -> None:
    """It fits the column of an answer, and no line of it is a riddle."""
    snippet = chapter.snippet(claim.id)
    assert max(map(len, snippet.splitlines())) <= 80
    tree = ast.parse(snippet)
    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Lambda | ast.NamedExpr)]
    assert [line for line, steps in _statements(tree) if steps > 8] == []


def _statements(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """The line of each simple statement, and of each loop's head; how many steps it takes."""
    for node in ast.walk(tree):
        part = node.iter if isinstance(node, ast.For) else node
        if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.Return | ast.For):
            yield node.lineno, sum(isinstance(step, STEPS) for step in ast.walk(part))


@every_snippet
def test_snippet_prints_the_published_numbers(
    chapter: Chapter, claim: Claim, tmp_path: Path
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
    published = record(chapter, claim.id)
    assert done.stdout == published["output"], "to the letter"
    for line in done.stdout.splitlines():
        assert len(line) <= 80
        assert re.search("[a-z]{2}", line), "says what it is"
    # What stands before a colon says what follows: “3 × 3 windows: 55.6%”.
    printed = [n for line in done.stdout.splitlines() for n in NUMBER.finditer(_said(line))]
    values = published["values"]
    assert len(printed) == len(claim.prints), done.stdout
    for name, number in zip(claim.prints, printed, strict=True):
        value = values[name]["value"]
        unit = 0.01 if number["percent"] else 1.0
        shown = float(number[0].rstrip("%").replace(",", "")) * unit
        rounding = 0.501 * unit * 10.0 ** -len(number["decimals"] or "")
        assert abs(shown - value) <= claim.within + rounding * (value != int(value)), name
        if value and abs(value) < 1:  # enough digits to tell the number from another
            assert rounding < abs(value) / 20, name


def _said(line: str) -> str:
    return line.partition(":")[2] or line


@every_claim
def test_formula_is_known_and_names_no_result(chapter: Chapter, claim: Claim) -> None:
    mathml = LatexToMathML().convert_with_local_state(claim.formula, displaystyle=True)
    assert "<math" in mathml
    assert not re.search(r"\d\.\d|\d{4}", claim.formula), "numbers come from the values"
    assert len(claim.formula) <= 240


GREEK = {
    *("theta θ", "alpha α", "sigma σ", "rho ρ", "varphi φ", "phi φ", "Phi Φ"),
    *("mu μ", "lambda λ", "delta δ", "tau τ"),
}


def symbols_of(tex: str) -> set[str]:
    """The letters of a formula that stand for something."""
    bare = re.sub(r"\\(text|mathrm|operatorname|mathbf|mathbb|begin|end)\*?\{[^{}]*\}", " ", tex)
    named = set(re.findall(r"\\([A-Za-z]+)", bare))
    greek = {sign for name, sign in map(str.split, GREEK) if name in named}
    return set(re.findall(r"[A-Za-z]", re.sub(r"\\[A-Za-z]+", " ", bare))) | greek


@every_claim
def test_every_symbol_of_the_formula_is_said(chapter: Chapter, claim: Claim) -> None:
    assert isinstance(claim.formula, Formula)
    said = set(re.findall(r"(?<![^\W_])[^\W\d_](?=[^a-zA-Z]|$)", claim.formula.symbols))
    assert symbols_of(claim.formula) <= said
    assert not re.search(r"[*_`$\[\]\\<>{}]", claim.formula.symbols), "plain text"
    assert len(claim.formula.symbols.split()) <= 40


def test_symbols_are_found() -> None:
    assert symbols_of(r"\mathbb{P}(\text{one of } n) = 1-(1-p)^n \Phi(\theta_k)") == set("npkΦθ")

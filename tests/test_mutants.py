"""Slips: where they can be, which tests notice, and what the two commands of `tools` refuse."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from explainers import catalogue, project
from tools import check, mutants
from tools.mutations import places

CODE = '''def share(hits: int | None, of: int = 4) -> float:
    """1 < 2."""
    if not hits or of <= 0:
        raise ValueError(f"{hits + 1} of {of}" * 2)
    return max(-hits / of, 0.5)


@overload
def share(hits: None, of: int = 5) -> None: ...
for _ in zip((), (), strict=True): pass
'''
# Each slip of the code by itself, where it says “before→after” of its own place.
SLIPS = [
    *("4→5", "4→3", "4→8", "or→and", "not→", "<=→<", "0→1", "0→-1"),
    *("max→min", "/→*", "-→", "0.5→1.5", "0.5→-0.5", "0.5→1.0"),
]


def test_slips_are_where_something_is_computed_and_nowhere_else() -> None:
    source = CODE.encode()
    found = [slip for place in places("a.py", source) for slip in place]
    said = [f"{source[slip.start : slip.end].decode()}→{slip.text}" for slip in found]
    assert sorted(said) == sorted(SLIPS)
    for slip in found:
        ast.parse(slip.applied(source))


def test_a_slip_is_shown_with_its_line_before_and_after() -> None:
    source = "# ein Blütenblatt\nx = 'ü', 2 < 3\n".encode()
    [[slip], *_] = places("a.py", source)
    assert slip.shown(source) == "a.py:2\n  - x = 'ü', 2 < 3\n  + x = 'ü', 2 <= 3"


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    for name in ("explainers/toy", "tests/toy"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "explainers/toy/model.py").write_text("def over(x):\n    return x > 3\n")
    (tmp_path / "explainers/toy/claims.py").write_text("N = 7\n")
    (tmp_path / "tests/toy/test_model.py").write_text(
        "import sys\nsys.path.insert(0, 'explainers/toy')\nimport model\n"
        "def test_over():\n    assert model.over(4.5) and not model.over(2.5)\n"
    )
    return tmp_path


def test_what_no_test_notices_survives_and_the_project_is_as_it_was(toy: Path) -> None:
    before = (toy / "explainers/toy/model.py").read_bytes()
    [(file, tests)] = mutants.tested(toy, ["toy"]).items()
    assert file == "explainers/toy/model.py"
    compared, numbers = places(file, before)
    chosen = [*compared, *numbers]
    # 3 may be 4 for these tests, but not 2 nor 6; and at 3 itself they do not look.
    survived = mutants.survivors(toy, {file: tests[:1]}, chosen, jobs=2)
    assert [slip.text for slip in survived] == [">=", "4"]
    assert (toy / "explainers/toy/model.py").read_bytes() == before


def test_what_takes_too_long_does_not_pass(toy: Path) -> None:
    (toy / "tests/toy/test_model.py").write_text("while True:\n    pass\n")
    assert mutants.passes(toy, ("tests/toy",), limit=2) is None


def test_tests_that_fail_anyway_would_kill_all(toy: Path) -> None:
    (toy / "tests/toy/test_model.py").write_text("def test_it():\n    assert False\n")
    file = "explainers/toy/model.py"
    [slip, *_], *_ = places(file, (toy / file).read_bytes())
    with pytest.raises(mutants.BadArgumentError, match="without any mutant tests/toy must pass"):
        mutants.survivors(toy, {slip.file: ("tests/toy",)}, [slip], jobs=1)


def test_the_seed_decides_and_no_place_is_drawn_twice() -> None:
    files = list(mutants.tested(project.HERE, ["detection", "maps"]))
    assert "explainers/maps.py" in files
    one, again, other = (mutants.drawn(project.HERE, files, 50, seed) for seed in (1, 1, 2))
    assert one == again != other
    assert len({(slip.file, slip.start) for slip in one}) == 50


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ([], "CHAPTER must be one of all, detection, .*, normal; got ''"),
        (["petals"], "CHAPTER must be one of .*; got 'petals'"),
        (["cost", "0"], "N must be a whole number from 1 up; got '0'"),
        (["cost", "2", "x"], "SEED must be a whole number from 0 up; got 'x'"),
    ],
)
def test_bad_arguments_are_one_line(
    given: list[str], wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(mutants.BadArgumentError, match=wrong):
        mutants.read(given)
    assert mutants.main(given) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert mutants.read(["cost", "", "3"]) == ("cost", 20, 3, 2)


@pytest.mark.parametrize("given", ["petals", ""])
def test_a_chapter_that_is_none_is_one_line(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main([given]) == 2
    allowed = "detection, invariance, cost, discarded, mirages, sizes, trained, alternatives"
    said = f"check: CHAPTER must be one of {allowed}; got {given!r}\n"
    assert capsys.readouterr().err == said


def test_one_claim_or_figure_can_be_checked_alone(capsys: pytest.CaptureFixture[str]) -> None:
    *_, (_, *options) = check.commands(catalogue.chapter("cost"), "2", "same-budget-depth")
    assert "same-budget-depth or same_budget_depth" in options
    assert check.main(["cost", "2", "same-budget-dept"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("check: ONLY must be a claim or a figure of cost: there is no claim")
    assert "did you mean same-budget-depth" in said


def test_the_tests_that_go_through_all_chapters_are_there() -> None:
    assert [path for path in check.SHARED if not (project.HERE / path).is_file()] == []

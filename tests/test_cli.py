from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from explainers.cli import main

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def fails(*arguments: str) -> str:
    """Expect exit code 2 and one line on standard error."""
    result = run(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_claims_are_listed_in_aligned_columns() -> None:
    lines = run("claims", "list").stdout.splitlines()
    starts = {re.match(r"\S+ +", line).end() for line in lines}  # type: ignore[union-attr]
    assert len(starts) == 1
    assert any(
        line.startswith("or-of-four-hit ") and "holds on condition" in line for line in lines
    )


def test_lists_for_machines_are_the_same_lists() -> None:
    for kind in ("claims", "figures"):
        records = json.loads(run(kind, "list", "--json").stdout)
        text = run(kind, "list").stdout
        assert len(records) > 5
        assert all(record["id"] in text for record in records)


def test_a_claim_is_computed_and_shown() -> None:
    text = run("claims", "show", "or-of-four-hit").stdout
    assert text.startswith("All four detectors see the petal")
    assert "0.9984" in text
    assert "tests/detection/test_claims.py::test_or_of_four_hit" in text
    record = json.loads(run("claims", "show", "or-of-four-hit", "--json").stdout)
    assert record["values"]["pooled"]["value"] == pytest.approx(0.9984)
    assert record["url"] == "claims/or-of-four-hit/"


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".csv", b"detectors,")]
)
def test_a_figure_is_drawn_with_the_readers_parameters(
    tmp_path: Path, suffix: str, start: bytes
) -> None:
    target = tmp_path / f"mine{suffix}"
    result = run("figures", "draw", "or-gate", "--set", "units=9", "-o", str(target))
    assert result.exit_code == 0, result.output
    assert "With 9 of them" in result.stdout
    assert target.read_bytes().startswith(start)


def test_theme_and_resolution_are_settable(tmp_path: Path) -> None:
    light, dark, small = (tmp_path / name for name in ("l.svg", "d.svg", "s.png"))
    run("figures", "draw", "or-gate", "-o", str(light))
    run("figures", "draw", "or-gate", "-o", str(dark), "--theme", "dark")
    run("figures", "draw", "or-gate", "-o", str(small), "--dpi", "50")
    assert light.read_bytes() != dark.read_bytes()
    assert small.read_bytes()[16:20] == (360).to_bytes(4, "big")


def test_bad_input_is_one_line_and_writes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "mine.svg"
    to = ("-o", str(target))
    assert "did you mean or-gate" in fails("figures", "draw", "or-gat", *to)
    assert "units must be a whole number in [1, 64]; got 0" in fails(
        "figures", "draw", "or-gate", "--set", "units=0", *to
    )
    assert "or-gate has no parameter 'wings'" in fails(
        "figures", "draw", "or-gate", "--set", "wings=2", *to
    )
    assert "mine.pdf" in fails("figures", "draw", "or-gate", "-o", str(tmp_path / "mine.pdf"))
    assert "there is no folder" in fails(
        "figures", "draw", "or-gate", "-o", str(tmp_path / "a/b.svg")
    )
    assert "light" in fails("figures", "draw", "or-gate", *to, "--theme", "pink")
    assert "dpi" in fails("figures", "draw", "or-gate", *to, "--dpi", "0")
    assert "did you mean or-of-four-hit" in fails("claims", "show", "or-of-four-hits")
    assert "No such command" in fails("clams")
    assert "jobs" in fails("build", "--jobs", "0")
    assert list(tmp_path.iterdir()) == []


def test_outside_a_checkout_the_build_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 1
    assert "no mkdocs.yml" in result.stderr


def commands(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return re.findall(r"^\$ (.*)$", "\n".join(blocks), re.MULTILINE)


DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_text_work(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in commands(document):
        program, *arguments = shlex.split(command)
        if program == "make":
            assert f"\n{arguments[0]}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
            continue
        assert program == "explainers"
        monkeypatch.chdir(ROOT if arguments[0] == "build" else tmp_path)
        assert run(*arguments).exit_code == 0, command


def test_the_readme_shows_the_commands() -> None:
    assert {"make site", "make test"} <= set(commands("README.md"))
    assert len(commands("README.md")) >= 6

from __future__ import annotations

import html
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from explainers import export
from explainers.cli import main
from tests.networks.onnx_models import model, node, saved

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
        line.startswith("known-place-beats-max ") and "holds on condition" in line for line in lines
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
    ("suffix", "start"),
    [(".svg", b"<svg"), (".png", b"\x89PNG"), (".pdf", b"%PDF-"), (".csv", b"detectors,")],
)
def test_a_figure_is_drawn_with_the_readers_parameters(
    tmp_path: Path, suffix: str, start: bytes
) -> None:
    target = tmp_path / f"mine{suffix}"
    result = run("figures", "draw", "or-gate", "--set", "units=9", "-o", str(target))
    assert result.exit_code == 0, result.output
    assert "an *or* over 9 detectors" in result.stdout
    assert target.read_bytes().startswith(start)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_a_drawn_figure_says_where_it_is_from(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, nowhere = (tmp_path / f"{name}{suffix}" for name in "abc")
    for target, address in ((first, "https://a.example/"), (second, "https://b.example/")):
        monkeypatch.setenv("SITE_URL", address)
        assert run("figures", "draw", "voting", "-o", str(target)).stderr == ""
    assert first.read_bytes() != second.read_bytes()
    if suffix == ".svg":
        assert "Why pooling? · a.example/figures/voting/ · CC BY 4.0" in said(first)
    monkeypatch.delenv("SITE_URL")
    done = run("figures", "draw", "voting", "-o", str(nowhere))
    assert "SITE_URL is not set" in done.stderr
    assert done.exit_code == 0


def said(svg: Path) -> str:
    return html.unescape(svg.read_text(encoding="utf-8"))


def test_theme_and_resolution_are_settable(tmp_path: Path) -> None:
    light, dark, small = (tmp_path / name for name in ("l.svg", "d.svg", "s.png"))
    run("figures", "draw", "or-gate", "-o", str(light))
    run("figures", "draw", "or-gate", "-o", str(dark), "--theme", "dark")
    run("figures", "draw", "or-gate", "-o", str(small), "--dpi", "50")
    assert light.read_bytes() != dark.read_bytes()
    assert small.read_bytes()[16:20] == (360).to_bytes(4, "big")


@pytest.mark.parametrize("form", ["stackexchange", "markdown", "html", "apa", "bibtex", "csl-json"])
@pytest.mark.parametrize(
    ("id", "page"),
    [
        ("or-of-four-hit", "claims/or-of-four-hit/"),
        ("eight-neighbours", "claims/eight-neighbours/"),  # a figure has that name too
        ("figures/eight-neighbours", "figures/eight-neighbours/"),
        ("or-gate", "figures/or-gate/"),
        ("cost", "cost/"),
    ],
)
def test_what_is_cited_is_computed_now_and_leads_to_its_page(id: str, page: str, form: str) -> None:
    result = run("cite", id, "--format", form, "--site", "https://host.example/a")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert f"https://host.example/a/{page}" in result.stdout


def test_a_citation_is_the_one_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = json.loads((ROOT / "docs" / "claims.json").read_text(encoding="utf-8"))
    [claim] = [c for c in claims["claims"] if c["id"] == "blur-before-subsampling"]
    monkeypatch.setenv("SITE_URL", "https://host.example/")
    cited = run("cite", "blur-before-subsampling")  # for Stack Exchange unless told otherwise
    assert cited.stdout.replace("\u00a0", " ").startswith(claim["answer"])
    assert f"With {claim['symbols']}:\n\n$${claim['formula']}$$\n\n" in cited.stdout
    assert claim["snippet"] in cited.stdout
    assert cited.stderr == ""


def test_a_site_of_no_address_is_pointed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SITE_URL", raising=False)
    cited = run("cite", "cost", "--format", "apa")
    assert cited.exit_code == 0
    assert "why-pooling.example" in cited.stdout
    assert cited.stderr.count("\n") == 1
    assert "SITE_URL is not set" in cited.stderr


def test_cite_says_what_is_wrong() -> None:
    assert "'or-of-for-hit'; did you mean or-of-four-hit" in fails("cite", "or-of-for-hit")
    assert "did you mean or-gate" in fails("cite", "figures/or-gat")
    assert (
        "'short', 'answer', 'stackexchange', 'markdown', 'html', 'plain', 'latex', 'wikipedia'"
        in fails("cite", "or-gate", "--format", "word")
    )
    assert "--site must be as in https://host.example/path/; got 'host'" in fails(
        "cite", "or-gate", "--site", "host"
    )


def test_count_prints_an_aligned_table_with_totals() -> None:
    shown = run("count", "vgg16", "--size", "224x320").stdout.splitlines()
    title, head, *rows, total, note = shown
    assert note.startswith("training in PyTorch also holds")
    assert title == "vgg16, input 3 × 224 × 320, pooling as designed"
    assert head.split()[:3] == ["layer", "kind", "shape"]
    end = head.index("multiply–accumulates") + len("multiply–accumulates")
    column = [row[:end].split()[-1] for row in [*rows, total]]
    products = [int(cell.replace(",", "")) for cell in column]
    assert sum(products[:-1]) == products[-1]
    assert {len(row[:end].rstrip()) for row in rows} == {end}
    assert "norms" not in head  # VGG has none
    assert "norms" in run("count", "resnet18").stdout
    assert max(map(len, [head, *rows, total])) < 150


def test_count_for_machines_is_the_same_count() -> None:
    record = json.loads(run("count", "lenet5", "--pooling", "removed", "--json").stdout)
    assert (record["network"], record["pooling"]) == ("lenet5", "removed")
    assert record["input"] == [1, 32, 32]
    assert record["total"]["macs"] == sum(layer["macs"] for layer in record["layers"])
    assert record["layers"][0]["shape"] == [6, 28, 28]
    assert sum(layer["share"] for layer in record["layers"]) == pytest.approx(1)
    assert json.loads(run("count", "lenet5", "--channels", "3", "--json").stdout)["input"][0] == 3


def test_count_reads_a_readers_own_file(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "cost.md").read_text(encoding="utf-8")
    [toml] = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    mine = tmp_path / "mine.toml"
    mine.write_text(toml, encoding="utf-8")
    shown = run("count", str(mine)).stdout
    assert shown.startswith("mine, input 3 × 64 × 64, pooling as designed")
    weights = 3 * 32 * 9 + 32 * 32 * 32 * 10
    assert f"{weights:,}" in shown.splitlines()[-2]


def test_count_reads_a_file_of_onnx_and_compares_two(tmp_path: Path) -> None:
    nodes = [
        node("Conv", "x w", "a", "conv"),
        node("MaxPool", "a", "b", "pool", kernel_shape=[2, 2], strides=[2, 2]),
        node("Softshrink", "b", "y", "unknown"),
    ]
    made = model(nodes, {"x": (1, 3, "high", "wide")}, "y", {"w": (4, 3, 3, 3)})
    file = str(saved(tmp_path, made, "own.onnx"))
    shown = run("count", file, "--side", "high=20", "--side", "wide=10").stdout.splitlines()
    assert shown[0] == "own, input 3 × 20 × 10, pooling as designed"
    assert shown[-3].startswith(f"at least{'':>10}")
    record = json.loads(run("count", file, "--size", "20x10", "--json").stdout)
    assert record["macs"] == 4 * 27 * 18 * 8
    assert (record["at_least"], record["uncounted"]) == (True, {"Softshrink": 1})
    removed = run("count", file, "--size", "20", "--pooling", "removed", "--format", "csv").stdout
    assert [line.split(",")[0] for line in removed.splitlines()] == ["name", "conv", "unknown"]
    both = run("count", file, "vgg11", "--size", "64", "--format", "markdown").stdout
    assert both.splitlines()[0] == "|  | own | vgg11 | times |"
    pair = json.loads(run("count", "vgg11", "vgg16", "--json").stdout)["networks"]
    assert [record["network"] for record in pair] == ["vgg11", "vgg16"]
    blocks = run("count", "vgg16", "--blocks").stdout
    assert re.search(r"^conv5 +3 layers ", blocks, re.MULTILINE)
    assert "side 3 of x is open: set it with --size" in fails("count", file)
    assert "--side high must be there once; got it twice" in fails(
        "count", file, "--side", "high=3", "--side", "high=4"
    )
    assert "--side must be NAME=N" in fails("count", file, "--side", "high=few")
    assert "--side is for an .onnx file" in fails("count", "vgg11", "--side", "high=3")
    assert "one of as designed, removed, mean for an .onnx" in fails(
        "count", file, "--size", "20", "--pooling", "stride"
    )
    assert "give one network, or two" in fails("count", "vgg11", "vgg13", "vgg16")
    assert "did you mean vgg16" in fails("count", "VGG16")


def test_count_says_what_is_wrong(tmp_path: Path) -> None:
    assert "did you mean vgg19 or vgg16" in fails("count", "vgg61")
    assert "layer pool5" in fails("count", "vgg16", "--size", "31")
    assert "--size must be a whole number, or two" in fails("count", "vgg16", "--size", "2x2x2")
    assert "--size must be" in fails("count", "vgg16", "--size", "-3")
    assert "--pooling must be one of" in fails("count", "vgg16", "--pooling", "max")
    assert "channels" in fails("count", "vgg16", "--channels", "0")
    assert "none.toml: no such file" in fails("count", str(tmp_path / "none.toml"))
    bad = tmp_path / "bad.toml"
    bad.write_text('[[layers]]\ntype = "Conv"', encoding="utf-8")
    assert "layer 1: type must be one of Conv2d" in fails("count", str(bad))


BOMBS = {
    "alias.yaml": "layers: &l\n  - type: Residual\n    body: *l",
    "twice.yaml": "layers:\n  - {type: Linear, out_features: 1, out_features: 2}",
    "list.yaml": "layers: [{type: [Linear]}]",
    "deep.toml": f"layers = {'[' * 5000}{']' * 5000}",
    "dots.toml": f"{'a.' * 20_000}a = 1",
    "wide.toml": '[[layers]]\ntype = "AdaptiveAvgPool2d"\noutput_size = 1000000000',
    "digits.toml": f'[[layers]]\ntype = "Linear"\nout_features = 0x1{"0" * 20_000}',
    "colour.toml": '[[layers]]\ntype = "Linear"\nout_features = 1\nname = "\\u001b[31m"',
}


@pytest.mark.parametrize("name", BOMBS)
def test_count_refuses_what_no_network_is_in_one_short_line(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(BOMBS[name], encoding="utf-8")
    line = fails("count", str(tmp_path / name))
    assert name in line
    assert len(line) < 320
    assert line[:-1].isprintable()


@pytest.mark.parametrize("option", [("--size",), ("--channels",), ("--pooling",), ()])
def test_count_refuses_long_arguments_in_one_short_line(option: tuple[str, ...]) -> None:
    network = () if not option else ("vgg11",)
    for value in ("9" * 5000, "x" * 100_000):
        line = fails("count", *network, *option, value)
        assert (option[0].strip("-") if option else "there is no network") in line
        assert len(line) < 320


def test_sizes_prints_an_aligned_table_and_which_sizes_lose_nothing() -> None:
    head, *rows, settings, last = run("sizes", "37", "--pools", "4").stdout.splitlines()
    assert head == "layer   side  rows that nothing sees"
    assert [row[:12].split()[-1] for row in rows] == ["37", "18", "9", "4", "2"]
    assert {len(row[:12].rstrip()) for row in rows} == {12}
    assert [row[14:] for row in rows] == ["none", "1 (36)", "1 (36)", "5 (32–36)", "5 (32–36)"]
    assert settings.startswith("4 poolings: windows of 2, stride 2.")
    assert last.endswith("37 loses 5. The nearest sizes that lose no row: 32 and 48.")


def test_sizes_says_where_a_chain_breaks() -> None:
    result = run("sizes", "5x40", "--pools", "4")
    assert result.exit_code == 0
    head, *rows, _, down, across = result.stdout.splitlines()
    assert head.endswith("rows that nothing sees  columns that nothing sees")
    assert rows[-1] == "pool 3   0 × 5  no window"
    assert "5 breaks at pool 3, which would give 0" in down
    assert "40 loses 8. The nearest sizes that lose no column: 32 and 48." in across
    assert "sides" not in head
    assert "slices" in run("sizes", "16x8X8").stdout
    assert run("sizes", "224×320").stdout == run("sizes", "224x320").stdout


def test_sizes_takes_what_a_pooling_takes() -> None:
    options = ("--window", "3", "--stride", "2", "--padding", "1", "--dilation", "2", "--ceil-mode")
    record = json.loads(run("sizes", "37", "--pools", "3", *options, "--json").stdout)
    shape = [record[name] for name in ("window", "stride", "padding", "dilation", "ceil_mode")]
    assert shape == [3, 2, 1, 2, True]
    assert record["axes"][0]["sizes"] == [37, 18, 9, 4]  # ⌈(n − 3) / 2⌉ + 1
    assert (record["size"], record["pools"]) == ([37], 3)
    assert json.loads(run("sizes", "37", "--json").stdout)["axes"][0]["sizes"] == [37, 18]


def test_sizes_says_what_is_wrong() -> None:
    assert "size must be a whole number, or up to three as in 224x320" in fails("sizes", "2x2x2x2")
    for size in ("0", "70000", "8x0"):
        assert "size must be a whole number in [1, 65536]" in fails("sizes", size)
    assert "--pools must be a whole number in [1, 16]; got 17" in fails(
        "sizes", "8", "--pools", "17"
    )
    assert "--padding must be at most half of window 2" in fails("sizes", "8", "--padding", "2")
    assert "--stride must be a whole number in [1, 64]; got '-1'" in fails(
        "sizes", "8", "--stride", "-1"
    )
    assert "Missing argument" in fails("sizes")
    assert "No such option" in fails("sizes", "-3")
    for option in ("pools", "window", "stride", "padding", "dilation"):
        for value in ("9" * 5000, "x" * 100_000, "2.0", ""):
            line = fails("sizes", "8", f"--{option}", value)
            assert f"{option} must be a whole number in [" in line
            assert len(line) < 320
    for value in ("9" * 5000, "x" * 100_000, ""):
        line = fails("sizes", value)
        assert "size must be" in line
        assert len(line) < 320


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
    assert "mine.jpg" in fails("figures", "draw", "or-gate", "-o", str(tmp_path / "mine.jpg"))
    assert "there is no folder" in fails(
        "figures", "draw", "or-gate", "-o", str(tmp_path / "a/b.svg")
    )
    (tmp_path / "loop.svg").symlink_to("loop.svg")
    assert "loop.svg is a link to itself" in fails(
        "figures", "draw", "or-gate", "-o", str(tmp_path / "loop.svg")
    )
    (tmp_path / "loop.svg").unlink()
    assert "light" in fails("figures", "draw", "or-gate", *to, "--theme", "pink")
    assert "dpi" in fails("figures", "draw", "or-gate", *to, "--dpi", "0")
    assert "did you mean or-of-four-hit" in fails("claims", "show", "or-of-four-hits")
    assert "No such command" in fails("clams")
    assert "jobs" in fails("build", "--jobs", "0")
    for limit in ("0", "nan", "inf", "1e8", "100000000"):
        assert "limit" in fails("build", "--limit", limit)
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_look_is_one_line_and_writes_nothing(tmp_path: Path) -> None:
    draw = ("figures", "draw", "or-gate", "-o", str(tmp_path / "mine.png"))
    assert "units is set twice" in fails(*draw, "--set", "units=3", "--set", "units=4")
    assert "hit must be a number in [0, 1]; got 1.2" in fails(*draw, "--set", "hit=120%")
    for length in ("170", "wide", "-3mm", "3km", "9mm", "81in", "1e3px", "nan mm", "9" * 99 + "mm"):
        assert "--width must be a length from 10 to 2000 mm" in fails(*draw, f"--width={length}")
    for scale in ("0", "3", "nan", "large", "201%"):
        assert "--font-scale must be a number in [0.5, 2]" in fails(*draw, "--font-scale", scale)
    assert "--for must be one of slides, paper, web" in fails(*draw, "--for", "talk")
    assert "--title must be a text" in fails(*draw, "--title", "two\nlines")
    assert "the picture would be 11,811 pixels long" in fails(*draw, "--width=500mm", "--dpi=600")
    svg = ("figures", "draw", "or-gate", "-o", str(tmp_path / "mine.svg"))
    assert "--dpi is said of a .png; mine.svg is none" in fails(*svg, "--dpi", "300")
    assert "the ending of mine.svg says it" in fails(*svg, "--format", "pdf")
    assert "give the ID of a figure, or --all" in fails("figures", "draw", *svg[3:])
    assert "give the ID of a figure, or --all" in fails(*svg, "--all")
    assert list(tmp_path.iterdir()) == []


def test_several_figures_go_into_a_folder_that_is_there(tmp_path: Path) -> None:
    ids = ("or-gate", "voting")
    done = run("figures", "draw", *ids, "-o", f"{tmp_path}/", "--format", "svg")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["or-gate.svg", "voting.svg"]
    assert done.stderr.count("\n") == 1  # that SITE_URL is not set, once
    for gone in (f"{tmp_path}/no", f"{tmp_path}/no/"):
        assert "there is no folder" in fails("figures", "draw", *ids, "-o", gone)
        assert "there is no folder" in fails("figures", "draw", "--all", "-o", gone)
    assert "there is no folder" in fails("figures", "draw", "voting", "-o", f"{tmp_path}/no/")
    assert "or-gate has no parameter 'd_prime'" in fails(
        "figures", "draw", "voting", "or-gate", "-o", str(tmp_path), "--set", "d_prime=1"
    )
    assert len(list(tmp_path.iterdir())) == 2


def test_the_command_draws_what_python_draws(tmp_path: Path) -> None:
    by_command, by_python = tmp_path / "a.pdf", tmp_path / "b.pdf"
    look = ("--set", "hit=70%", "--for", "slides", "--theme", "dark", "--font-scale", "120%")
    run("figures", "draw", "or-gate", "-o", str(by_command), *look, "--title", "", "--credit", "Me")
    export.save(
        "or-gate",
        by_python,
        settings={"hit": 0.7},
        purpose="slides",
        theme="dark",
        font_scale=1.2,
        title="",
        credit="Me",
    )
    assert by_command.read_bytes() == by_python.read_bytes()


def test_a_number_that_no_value_can_be_is_refused(tmp_path: Path) -> None:
    content = (ROOT / "docs" / "claims.json").read_text(encoding="utf-8")
    for number in ("1" + "0" * 400, "1e999", "NaN"):
        huge = re.sub(r'("value": )[^,]+', rf"\g<1>{number}", content, count=1)
        (tmp_path / "huge.json").write_text(huge, encoding="utf-8")
        huge_json = str(tmp_path / "huge.json")
        assert "must be a claims.json" in fails("changes", huge_json, huge_json)


def test_outside_a_checkout_the_build_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run("build")
    assert result.exit_code == 1
    assert "is in no checkout of this project" in result.stderr


def commands(document: str) -> list[str]:
    text = (ROOT / document).read_text(encoding="utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    return re.findall(r"^\$ (.*)$", "\n".join(blocks), re.MULTILINE)


DOCUMENTS = ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_in_the_text_work(
    document: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [
        node("Conv", "x w", "a", "conv", pads=[1, 1, 1, 1]),
        node("MaxPool", "a", "y", "pool", kernel_shape=[2, 2], strides=[2, 2]),
    ]
    made = model(own, {"x": ("n", 3, 64, 64)}, "y", {"w": (8, 3, 3, 3)})
    saved(tmp_path, made, "mine.onnx")
    Image.linear_gradient("L").save(tmp_path / "mine.jpg")
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


# ---- What is written, and what the machine is like ----


def started(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    variables = os.environ | {"PYTHONPATH": str(ROOT)} | options.pop("env", {})
    command = [sys.executable, "-m", "explainers", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.run(command, env=variables, check=False, **(pipes | options))


def drawn(path: Path) -> subprocess.CompletedProcess[str]:
    return started("figures", "draw", "or-gate", "-o", str(path))


def test_a_drawing_is_written_as_a_plain_command_would(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        assert drawn(tmp_path / "private.csv").returncode == 0
        os.umask(0o002)
        assert drawn(tmp_path / "shared.csv").returncode == 0
    finally:
        os.umask(before)
    assert (tmp_path / "private.csv").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "shared.csv").stat().st_mode & 0o777 == 0o664
    mine = tmp_path / "mine.csv"
    mine.write_text("old")
    mine.chmod(0o640)
    (tmp_path / "link.csv").symlink_to(mine)
    assert drawn(tmp_path / "link.csv").returncode == 0
    assert (tmp_path / "link.csv").is_symlink()
    assert mine.read_bytes() == (tmp_path / "private.csv").read_bytes()
    assert mine.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("place", ["/proc/a.svg", "/sys/a.svg", f"{'a' * 300}.svg"])
def test_a_place_that_cannot_be_written_is_named_in_one_line(tmp_path: Path, place: str) -> None:
    done = drawn(tmp_path / place)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert place[-10:] in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_in_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        done = started("claims", "list", stdout=full)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
    assert "no space left" in done.stderr


@pytest.mark.parametrize("alphabet", ["ascii", "cp1252", "latin-1"])
def test_an_alphabet_that_lacks_a_sign_is_no_error(alphabet: str) -> None:
    for command in (("claims", "list"), ("count", "vgg11"), ("claims", "show", "or-of-four-hit")):
        reading = {"encoding": alphabet, "errors": "replace"}
        done = started(*command, env={"PYTHONIOENCODING": alphabet}, **reading)
        assert (done.returncode, done.stderr) == (0, "")
        assert len(done.stdout) > 100


@pytest.mark.parametrize("closed", ["exec >&-", "exec 2>&-", "exec <&- >&- 2>&-"])
def test_a_stream_that_is_closed_is_no_error(closed: str) -> None:
    for arguments, code in ((("count", "vgg11"), 0), (("count", "vgg61"), 2)):
        shell = f'{closed}; exec "$0" -m explainers "$@"'
        command = ["bash", "-c", shell, sys.executable, *arguments]
        variables = os.environ | {"PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
        assert done.returncode == code
        assert "Traceback" not in done.stderr


def test_the_command_starts_where_locks_are_not_known() -> None:
    """As on Windows: only a build needs the module that locks files."""
    script = "import sys; sys.modules['fcntl'] = None; from explainers.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "count", "vgg11"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_backend_that_is_none_stops_no_drawing(tmp_path: Path) -> None:
    plain, odd = tmp_path / "plain.png", tmp_path / "odd.png"
    assert drawn(plain).stderr.count("\n") == 1  # that SITE_URL is not set
    done = started("figures", "draw", "or-gate", "-o", str(odd), env={"MPLBACKEND": "garbage"})
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert odd.read_bytes() == plain.read_bytes()


def test_no_arguments_show_the_help_on_lines_of_its_own() -> None:
    done = run()
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) > 10
    assert "Usage: " in done.stderr


@pytest.mark.parametrize("command", [("figures", "draw", "-o", "a.svg"), ("claims", "show")])
def test_a_message_does_not_repeat_the_whole_of_a_long_argument(command: tuple[str, ...]) -> None:
    assert len(fails(*command, "x" * 50_000)) < 1100

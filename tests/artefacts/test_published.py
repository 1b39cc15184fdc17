"""What is published for machines: claims.json, its schema, and the files of each figure."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import jsonschema
import nbformat
import pytest

from explainers import catalogue, citing
from explainers.artefacts.figures import source
from explainers.chapter import Chapter
from explainers.claim import Value
from explainers.drawing import rendering, style
from explainers.drawing.style import Theme
from explainers.edition import Edition
from explainers.records import Figure, fill
from tests.builder.projects import ROOT

DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def published() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DOCS / "claims.json").read_text(encoding="utf-8"))
    return content


def schema() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DOCS / "claims.schema.json").read_text(encoding="utf-8"))
    return content


def test_claims_json_is_as_its_schema_says(published: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(published, schema())
    assert published["$schema"] == "claims.schema.json"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("claims", 0, "verdict"), "maybe"),
        (("claims", 0, "id"), "Not Kebab"),
        (("claims", 0, "values"), {}),
        (("claims", 0, "test"), "none"),
        (("rulings", 0, "examines"), "T9"),
        (("version",), 1),
    ],
)
def test_the_schema_refuses_what_is_wrong(
    published: dict[str, Any], path: tuple[Any, ...], value: Any
) -> None:
    wrong = json.loads(json.dumps(published))
    place = wrong
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema())


def test_every_claim_of_the_catalogue_is_published(published: dict[str, Any]) -> None:
    by_id = {claim["id"]: claim for claim in published["claims"]}
    assert list(by_id) == [claim.id for claim in catalogue.claims()]
    assert len(by_id) == len(published["claims"])
    figures = {figure.id for figure in catalogue.figures()}
    for claim in catalogue.claims():
        record = by_id[claim.id]
        values = {name: Value(**value) for name, value in record["values"].items()}
        assert record["statement"] == fill(claim.statement, values)
        assert record["figure"] in figures
        assert "{" not in record["statement"] + record["condition"]
        module, _, name = record["code"].rpartition(".")
        assert callable(getattr(import_module(module), name))
        assert (DOCS / record["url"].rstrip("/")).with_suffix(".md").is_file()
        path, _, test = record["test"].partition("::")
        assert f"\ndef {test}(" in (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("figure", catalogue.figures(), ids=lambda figure: figure.id)
def test_every_figure_has_its_files(figure: Figure) -> None:
    folder = DOCS / "figures" / figure.id
    record = json.loads((folder / "figure.json").read_text(encoding="utf-8"))
    for name in record["files"]:
        assert (folder / name).stat().st_size > 20
    assert {Path(name).suffix for name in record["files"]} == {".svg", ".png", ".pdf", ".csv"}
    with (folder / f"{figure.id}.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert len(rows) > 1
    assert len({len(row) for row in rows}) == 1
    assert set(figure.parameters) == {parameter["name"] for parameter in record["parameters"]}


@pytest.mark.parametrize("theme", style.PALETTE)
def test_a_figures_files_are_what_is_drawn_here(published: dict[str, Any], theme: Theme) -> None:
    """By whoever draws: in the surroundings of a build as in those of a reader."""
    drawing = catalogue.figure("or-gate")()
    drawing = replace(drawing, source=source(drawing, published["edition"]["address"]))
    picture = rendering.picture(drawing, theme)
    folder = DOCS / "figures" / "or-gate"
    assert (folder / f"or-gate-{theme}.svg").read_bytes() == rendering.svg(drawing, theme)
    assert (folder / f"or-gate-{theme}.png").read_bytes() == rendering.png(picture)
    assert (folder / "or-gate-light.pdf").read_bytes() == rendering.pdf(drawing)


@pytest.mark.parametrize("chapter", catalogue.CHAPTERS, ids=lambda chapter: chapter.id)
def test_notebooks_ran_and_describe_their_figures(
    chapter: Chapter, published: dict[str, Any]
) -> None:
    path = DOCS / "notebooks" / f"{chapter.id}.ipynb"
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    install, *code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert notebook.cells.index(install) == 1  # behind the title
    line = install.source.splitlines()[-1]
    assert line == f"%{citing.install(Edition(**published['edition']))}"
    assert (install.execution_count, install.outputs) == (None, [])
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    shown = [
        o.data["text/html"] for c in code for o in c.outputs if "text/html" in o.get("data", {})
    ]
    assert len(shown) >= 2
    assert all('role="img"' in text and 'aria-label="' in text for text in shown)
    assert not [o for c in code for o in c.outputs if o.output_type == "error"]
    assert str(ROOT) not in path.read_text(encoding="utf-8")


def test_every_heading_has_an_id_of_its_own() -> None:
    """A reworded heading must not change its address; code is no heading."""
    pages = [path for path in DOCS.rglob("*.md") if "notebooks" not in path.parts]
    assert len(pages) > 100
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
        headings = re.findall(r"^#{1,6} .+$", text, flags=re.M)
        assert headings, page
        without = [h for h in headings if not re.search(r"\{#[a-z0-9.-]+[^}]*\}$", h)]
        assert without == [], page

from __future__ import annotations

from pathlib import Path

import pytest

from explainers.builder.closure import Sources, imported
from explainers.builder.run import Artefact
from explainers.catalogue import CHAPTERS
from explainers.records import Chapter
from tests.builder.projects import ROOT, copy_project


@pytest.fixture
def sources() -> Sources:
    return Sources(ROOT, ROOT / "explainers")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import numpy.linalg as la", {"numpy.linalg"}),
        ("from a.b import c", {"a.b", "a.b.c"}),
        ("def f():\n    from a import b", {"a", "a.b"}),
        ("from . import x", {"explainers.one", "explainers.one.x"}),
        ("from .two import x", {"explainers.one.two", "explainers.one.two.x"}),
        ("from .. import x", {"explainers", "explainers.x"}),
    ],
)
def test_imports_are_read_from_the_source(text: str, expected: set[str]) -> None:
    assert imported(text, "explainers.one.module", is_package=False) == expected


def test_a_package_resolves_relative_imports_from_itself() -> None:
    assert imported("from . import x", "explainers.one", is_package=True) == {
        "explainers.one",
        "explainers.one.x",
    }


def test_the_closure_follows_imports_and_not_the_other_way(sources: Sources) -> None:
    closure = sources.closure(["explainers.detection.figures"])
    assert {"explainers.detection.model", "explainers.normal", "explainers.checks"} <= closure
    assert {"explainers.style", "explainers.records"} <= closure
    assert not {"explainers.detection.claims", "explainers.catalogue", "explainers.cli"} & closure
    assert sources.closure(["explainers.normal"]) == {"explainers", "explainers.normal"} | (
        sources.closure(["explainers.checks"]) & sources.closure(["explainers.normal"])
    )


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.id)
def test_a_constant_of_a_model_is_in_the_key_of_all_its_chapter(
    tmp_path: Path, chapter: Chapter
) -> None:
    copy = copy_project(tmp_path / "copy").root
    model = f"explainers.{chapter.id}.model"

    def keys() -> dict[str, str]:
        sources = Sources(copy, copy / "explainers")
        roots = {name: (f"explainers.{chapter.id}.{name}",) for name in ("figures", "claims")}
        roots["unrelated"] = ("explainers.operators",)
        makers = {n: Artefact(n, chapter.id, "explainers.style", r) for n, r in roots.items()}
        return {name: artefact.key(sources) for name, artefact in makers.items()}

    assert model in Sources(copy, copy / "explainers").closure([f"explainers.{chapter.id}.claims"])
    before = keys()
    path = copy / "explainers" / chapter.id / "model.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n_ONE = 1\n", encoding="utf-8")
    after = keys()
    assert {name for name in before if before[name] != after[name]} == {"figures", "claims"}


def test_an_installed_version_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    artefact = Artefact("figures/x", "detection", "explainers.style", ("explainers.normal",))

    def key() -> str:
        return artefact.key(Sources(ROOT, ROOT / "explainers"))

    before = key()
    assert key() == before
    monkeypatch.setattr("explainers.builder.closure.importlib.metadata.version", lambda _: "99")
    assert key() != before


def test_imports_are_found_in_every_kind_of_block() -> None:
    source = """
import a
def f():
    import b
    async def g():
        with x: import c
class K:
    for i in y:
        import d
    else:
        import e
if z: import f
elif w: import g
else: import h
try: import i
except E: import j
else: import k
finally: import l
while v: import m
match u:
    case 1: import n
"""
    assert imported(source, "p", False) == set("abcdefghijklmn")

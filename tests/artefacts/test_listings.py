"""The code on a claim's page: whole, and nothing but what computes."""

from __future__ import annotations
import __future__

import ast
import doctest
import importlib
import inspect
from pathlib import Path
from statistics import median

import pytest

from explainers import catalogue
from explainers.artefacts import listings
from explainers.kinds import checked

LEFT_OUT = {"as_declared": checked}  # decorators
FUTURE = __future__.annotations.compiler_flag
CODE = sorted({claim.code for chapter in catalogue.CHAPTERS for claim in chapter.claims})


@pytest.mark.parametrize("dotted", CODE)
def test_a_listing_runs_with_nothing_private_but_its_own(dotted: str) -> None:
    module, _, name = dotted.rpartition(".")
    listing = listings.computing(dotted)
    public = {n: v for n, v in vars(importlib.import_module(module)).items() if n[0] != "_"}
    exec(compile(listing, dotted, "exec"), public)
    tree = ast.parse(listing)
    read = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id.startswith("_")}
    in_types = {n for n in read if n not in public}  # bounds of arguments, which never run
    outside = [n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in in_types]
    annotated = {id(n) for a in ast.walk(tree) if isinstance(a, ast.arg) and a.annotation
                 for n in ast.walk(a.annotation)}  # fmt: skip
    assert all(id(n) in annotated or isinstance(n.ctx, ast.Store) for n in outside)
    assert callable(public[name])


@pytest.mark.parametrize("dotted", CODE)
def test_a_listing_neither_guards_nor_documents(dotted: str) -> None:
    listing = listings.computing(dotted)
    for left_out in ("Parameters\n", "Returns\n", "Raises\n", "Examples\n", ">>>", "@checked"):
        assert left_out not in listing
    rescued = {line for node in ast.walk(ast.parse(listing)) if isinstance(node, ast.ExceptHandler)
               for line in range(node.lineno, node.end_lineno or 0)}  # fmt: skip
    for number, line in enumerate(listing.splitlines()):
        assert number in rescued or not line.strip().startswith(("refuse(", "_refuse"))


@pytest.mark.parametrize("dotted", CODE)
def test_a_listing_computes_what_the_function_does(dotted: str) -> None:
    """The examples of its docstring, run with the listing in the function's place."""
    module, _, name = dotted.rpartition(".")
    known = dict(vars(importlib.import_module(module)))
    text = inspect.getdoc(known[name]) or ""
    # What a type makes of an argument stands in no listing: it is made here.
    listing = listings.computing(dotted).replace(f"def {name}(", f"@as_declared\ndef {name}(", 1)
    run = known | LEFT_OUT
    exec(compile(listing, dotted, "exec", dont_inherit=True, flags=FUTURE), run)
    tried = doctest.DocTestParser().get_doctest(text, run, name, None, 0)
    assert tried.examples
    assert doctest.DocTestRunner(verbose=False).run(tried).failed == 0


def test_listings_are_short() -> None:
    lines = [len(listings.computing(dotted).splitlines()) for dotted in CODE]
    assert median(lines) < 40


def test_a_claims_arithmetic_is_on_its_page() -> None:
    listing = listings.computing("explainers.detection.dahlia.hit_rates")
    assert "def _displaced" in listing
    assert "np.quantile(background, 1 - false_alarm, axis=(1, 2))" in listing
    assert "FARTHEST = 3" in listing


def test_a_test_is_found_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text("import x\n\n@x.y\ndef test_b():\n    assert 1\n")
    assert listings.of_test(tmp_path, "test_a.py::test_b").startswith("@x.y\ndef test_b")
    with pytest.raises(LookupError, match=r"there is no test test_a.py::test_c"):
        listings.of_test(tmp_path, "test_a.py::test_c")

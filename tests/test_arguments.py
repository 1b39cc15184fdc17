"""Every declared argument of every public function: refused beyond its range, in one line.

A kind says which values are wrong. What depends on two arguments is tested beside its function.
"""

from __future__ import annotations

import inspect
import re
import typing

import pytest

from explainers.kinds import Kind, kinds_of
from tests.arguments import DECLARED, FUNCTIONS, RECORD, listed
from tests.wrong import wrong as wrong_ones

PLAIN = (int, float, str, bool)


@pytest.mark.parametrize(
    ("name", "argument", "kind"), DECLARED, ids=[f"{n}-{a}" for n, a, _ in DECLARED]
)
def test_a_wrong_argument_is_refused_before_anything_is_computed(
    name: str, argument: str, kind: Kind
) -> None:
    """Alone: no other argument is needed to be told, and none is looked at."""
    optional = inspect.signature(FUNCTIONS[name]).parameters[argument].default is None
    for wrong in wrong_ones(kind):
        if not (optional and wrong is None):
            with pytest.raises(ValueError, match=f"^{argument} must be ") as error:
                FUNCTIONS[name](**{argument: wrong})
            assert re.search("; got .+$", str(error.value))
            assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_plain_argument_declares_what_it_may_be(name: str) -> None:
    function = FUNCTIONS[name]
    declared, hints = kinds_of(function), typing.get_type_hints(function)
    plain = {argument for argument, hint in hints.items() if hint in PLAIN}
    assert plain - {"return"} <= set(declared)


def test_ranges_are_the_recorded_ones() -> None:
    """If it is meant: python -m tests.arguments."""
    assert listed() == RECORD.read_text(encoding="utf-8")


def test_the_reference_says_what_arguments_may_be() -> None:
    """Of each module that a page describes, on that page."""
    pages = (RECORD.parents[1] / "docs" / "reference").glob("*.md")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    told = set(re.findall(r"^\{\{ arguments ([\w.]+) \}\}$", text, re.MULTILINE))
    shown = set(re.findall(r"^::: ([\w.]+)$", text, re.MULTILINE))
    declaring = {name.rpartition(".")[0] for name, _, _ in DECLARED}
    assert declaring & shown <= told <= shown

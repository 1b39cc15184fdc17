"""Every declared argument of every public function: refused beyond its range, in one line.

A kind says which values are wrong. What depends on two arguments is tested beside its function.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import typing
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import explainers
from explainers.catalogue import CHAPTERS
from explainers.kinds import Kind, kinds_of

# The models and what lies below them; what stands above takes arguments from these.
FLOORS = ["maps", "normal", "intervals", "flower", "laws", "networks", *(c.id for c in CHAPTERS)]
NOT_MODELS = ("claims", "figures", "snippets")
PLAIN = (int, float, str)


def functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """All public functions of the models, by their dotted names."""
    for _, name, _ in pkgutil.walk_packages(explainers.__path__, "explainers."):
        floor, _, rest = name.removeprefix("explainers.").partition(".")
        if floor in FLOORS and not rest.startswith(NOT_MODELS):
            for key, value in vars(importlib.import_module(name)).items():
                own = getattr(value, "__module__", "") == name
                if own and inspect.isroutine(inspect.unwrap(value)) and not key.startswith("_"):
                    yield f"{name}.{key}", value


FUNCTIONS = dict(functions())
DECLARED = [
    (name, argument, kind)
    for name, function in FUNCTIONS.items()
    for argument, kind in kinds_of(function).items()
]


@pytest.mark.parametrize(
    ("name", "argument", "kind"), DECLARED, ids=[f"{n}-{a}" for n, a, _ in DECLARED]
)
def test_a_wrong_argument_is_refused_before_anything_is_computed(
    name: str, argument: str, kind: Kind
) -> None:
    """Alone: no other argument is needed to be told, and none is looked at."""
    optional = inspect.signature(FUNCTIONS[name]).parameters[argument].default is None
    for wrong in kind.wrong:
        if not (optional and wrong is None):
            with pytest.raises(ValueError, match=f"^{argument} must be ") as error:
                FUNCTIONS[name](**{argument: wrong})
            assert re.search("; got .+$", str(error.value))
            assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_plain_argument_declares_what_it_may_be(name: str) -> None:
    function = FUNCTIONS[name]
    declared, hints = kinds_of(function), typing.get_type_hints(function)
    plain = {argument for argument, hint in hints.items() if hint in (*PLAIN, bool)}
    assert plain - {"return"} <= set(declared)

"""What the models' functions may be given: python -m tests.arguments writes it to arguments.txt.

The record is read when it changes: a wider or a narrower range is another promise to users.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import explainers
from explainers.catalogue import CHAPTERS
from explainers.kinds import kinds_of

RECORD = Path(__file__).with_suffix(".txt")
# The models and what lies below them; what stands above takes arguments from these.
FLOORS = [
    "activations",
    "maps",
    "normal",
    "intervals",
    "flower",
    "laws",
    "networks",
    *(c.id for c in CHAPTERS),
]
NOT_MODELS = ("claims", "figures", "snippets")


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


def listed() -> str:
    """One line an argument: what it may be, and what it is if nothing is said."""
    return "".join(
        f"{name} {argument}: {kind.allowed}{_default(name, argument)}\n"
        for name, argument, kind in DECLARED
    )


def _default(name: str, argument: str) -> str:
    default = inspect.signature(FUNCTIONS[name]).parameters[argument].default
    return "" if default is inspect.Parameter.empty else f"; else {default!r}"


if __name__ == "__main__":
    RECORD.write_text(listed(), encoding="utf-8")

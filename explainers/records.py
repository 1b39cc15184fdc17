"""What the site is made of: a claim, a figure, a chapter, and the numbers in them.

A record says what is claimed or drawn; it computes nothing when it is defined. Chapters build
their records from these types, and everything to their right (artefacts, pages) reads them.
"""

from __future__ import annotations

import difflib
import importlib
import inspect
import math
import string
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from importlib import resources
from numbers import Real
from types import ModuleType
from typing import Any, NoReturn, Protocol, TypeVar

from explainers import style
from explainers.rendering import Drawing

Scalar = float | int


class Verdict(StrEnum):
    """What the numbers say of a claim."""

    HOLDS = "holds"
    ON_CONDITION = "holds on condition"
    FAILS = "does not hold"


@dataclass(frozen=True)
class Value:
    """One computed number: what it is, in which unit, and what it means."""

    value: Scalar
    unit: str
    meaning: str

    def __format__(self, spec: str) -> str:
        """Format the bare number, so that templates can write ``{hit:.1%}``.

        >>> f"{Value(0.9984, 'probability', 'hit rate'):.1%}"
        '99.8%'
        """
        return format(self.value, spec).replace("-", "−")


Values = Mapping[str, Value]


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template's ``{name:format}`` placeholders; an unknown name is an error.

    >>> fill("{n} units", {"n": 4})
    '4 units'
    """
    for _, name, _, _ in string.Formatter().parse(template):
        if name is not None and name not in values:
            known = ", ".join(sorted(values))
            raise LookupError(f"no value {name!r} for the text {template!r}; there is {known}")
    return template.format_map(values)


def refuse_unreal(values: Mapping[str, Any]) -> None:
    """Refuse values that are no number, or infinite: a text must not say nan.

    >>> refuse_unreal({"hit": 0.5, "miss": float("nan")})
    Traceback (most recent call last):
    ValueError: miss must be a finite number; it is nan
    """
    for name, value in values.items():
        number = value.value if isinstance(value, Value) else value
        if isinstance(number, Real) and not math.isfinite(number):
            raise ValueError(f"{name} must be a finite number; it is {number}")


def refuse_empty(name: str, text: str) -> None:
    """Refuse a text that says nothing.

    >>> refuse_empty("caption", " ")
    Traceback (most recent call last):
    ValueError: caption must say something; it is empty
    """
    if not text.strip():
        raise ValueError(f"{name} must say something; it is empty")


@dataclass(frozen=True)
class Claim:
    """One statement of the site, with the numbers that decide it.

    Attributes
    ----------
    id
        Permanent, in kebab-case; part of the claim's address.
    question
        What it answers, in plain words.
    examines
        Whose claim it examines: ``T1`` … ``T8`` of the thread, or the key of a source.
    verdict, condition
        What the numbers say, and under which condition (empty when there is none).
    statement
        Markdown with ``{name:format}`` placeholders for the values.
    answer
        The claim for somebody who sees nothing else: two sentences of plain text, with its number
        and its condition, and placeholders as in the statement.
    formula
        The law, or the definition of what is measured, in TeX that MathJax and math-core know.
    prints, within
        Names of the values that its snippet prints, in this order, and how far a simulation in
        the snippet may be from them (zero: only rounding).
    values
        Computes the numbers.
    bears_out
        Whether the numbers support the verdict: a build in which they do not, fails.
    figure
        Id of the figure that shows it.
    code
        Dotted name of the function that computes it.
    test
        ``path::function`` of the test that keeps it by a second route.
    sources
        Keys of `explainers.sources`.
    """

    id: str
    question: str
    examines: str
    verdict: Verdict
    statement: str
    answer: str
    formula: str
    prints: tuple[str, ...]
    values: Callable[[], Values]
    bears_out: Callable[[Mapping[str, Any]], bool]
    figure: str
    code: str
    test: str
    condition: str = ""
    within: float = 0.0
    sources: tuple[str, ...] = ()

    def computed(self) -> Values:
        """Compute the values, and refuse numbers that do not bear the verdict out."""
        for name in ("question", "statement", "answer"):
            refuse_empty(name, getattr(self, name))
        values = self.values()
        refuse_unreal(values)
        if not self.bears_out({name: value.value for name, value in values.items()}):
            shown = ", ".join(f"{name} = {value.value}" for name, value in values.items())
            raise ValueError(f"the numbers do not bear out “{self.verdict}”: {shown}")
        return values


@dataclass(frozen=True)
class Ruling:
    """The verdict on one of the thread's claims, resting on claims of ours.

    `part` says which part of the thread's claim this chapter decides, when it is not the whole.
    """

    examines: str
    verdict: Verdict
    condition: str
    rests_on: tuple[str, ...]
    part: str = ""


class SettingError(ValueError):
    """A figure was given a parameter that it does not have, or a value that it does not allow."""


@dataclass(frozen=True)
class Number:
    """The kind of a figure's parameter: a number, or a list of them, within bounds."""

    low: float
    high: float
    meaning: str
    whole: bool = False
    many: bool = False

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        kind = "whole number" if self.whole else "number"
        bounds = f"in [{self.low:.12g}, {self.high:.12g}]"
        return f"{kind}s {bounds}, separated by commas" if self.many else f"a {kind} {bounds}"

    def parse(self, name: str, text: str) -> Any:
        """Read the value from the command line's text."""
        try:
            parsed = [self._number(part) for part in text.split(",")]
        except ValueError:
            self._refuse(name, text)
        return self.check(name, tuple(parsed) if self.many or len(parsed) != 1 else parsed[0])

    def check(self, name: str, value: Any) -> Any:
        """Return the value if it is allowed."""
        elements = tuple(value) if self.many and isinstance(value, Iterable) else (value,)
        if not elements or not all(map(self._inside, elements)):
            self._refuse(name, value)
        return elements if self.many else value

    def _number(self, text: str) -> Scalar:
        return int(text) if self.whole else float(text)

    def _inside(self, value: Any) -> bool:
        kinds = int if self.whole else (int, float)
        return (
            isinstance(value, kinds)
            and not isinstance(value, bool)
            and self.low <= value <= self.high
        )

    def _refuse(self, name: str, value: object) -> NoReturn:
        raise SettingError(f"{name} must be {self.allowed}; got {value!r}")


@dataclass(frozen=True)
class Parameter:
    """One settable parameter of a figure."""

    name: str
    kind: Number
    default: Any


@dataclass(frozen=True)
class Figure:
    """A figure of the site: how it is drawn, and what its caption and alternative text say."""

    id: str
    title: str
    caption: str
    alt: str
    draw: Callable[..., Drawing] = field(repr=False)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters that a reader can set, by name."""
        hints = typing.get_type_hints(self.draw, include_extras=True)
        return {
            name: Parameter(name, hints[name].__metadata__[0], parameter.default)
            for name, parameter in inspect.signature(self.draw).parameters.items()
        }

    def __call__(self, **settings: Any) -> Drawing:
        """Draw the figure with the given parameters, checked."""
        checked = {name: self._kind(name).check(name, value) for name, value in settings.items()}
        with style.applied():
            drawing = self.draw(**checked)
        shown = {name: p.default for name, p in self.parameters.items()} | checked
        texts = shown | dict(drawing.values)
        refuse_unreal(texts)
        caption, alt = fill(self.caption, texts), fill(self.alt, texts)
        for name, text in (("title", self.title), ("caption", caption), ("alt", alt)):
            refuse_empty(name, text)
        return replace(drawing, id=self.id, caption=caption, alt=alt)

    def settings(self, assignments: Iterable[str]) -> dict[str, Any]:
        """Read ``name=value`` texts into checked parameters."""
        pairs = (assignment.partition("=") for assignment in assignments)
        return {name: self._kind(name).parse(name, text) for name, _, text in pairs}

    def _kind(self, name: str) -> Number:
        if name not in self.parameters:
            known = ", ".join(self.parameters) or "none"
            raise SettingError(f"{self.id} has no parameter {name!r}; it has {known}")
        return self.parameters[name].kind


def figure(*, title: str, caption: str, alt: str) -> Callable[[Callable[..., Drawing]], Figure]:
    """Make a figure of a drawing function; the function's name gives the id."""

    def decorate(draw: Callable[..., Drawing]) -> Figure:
        return Figure(draw.__name__.replace("_", "-"), title, caption, alt, draw)

    return decorate


class UnknownIdError(LookupError):
    """No record has that id."""


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


Record = TypeVar("Record", bound=_Identified)


def find(kind: str, id: str, records: Iterable[Record]) -> Record:
    """Return the record with that id, or raise an error that names the nearest ids."""
    by_id = {record.id: record for record in records}
    if id not in by_id:
        raise UnknownIdError(f"there is no {kind} {id!r}{did_you_mean(id, by_id)}")
    return by_id[id]


def did_you_mean(wanted: str, known: Iterable[str]) -> str:
    """End a message on an unknown name with the nearest known ones.

    >>> did_you_mean("or-gat", ["or-gate", "voting"])
    '; did you mean or-gate?'
    """
    near = difflib.get_close_matches(wanted, list(known), n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(near)}?" if near else ""


@dataclass(frozen=True)
class Chapter:
    """One page of the site, and the package folder of the same name."""

    id: str
    title: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The chapter's claims, in the order of its page."""
        found: tuple[Claim, ...] = self._module("claims").CLAIMS
        return found

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """The chapter's verdicts on the thread's claims."""
        found: tuple[Ruling, ...] = self._module("claims").RULINGS
        return found

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The chapter's figures, in the order of its page."""
        found: tuple[Figure, ...] = self._module("figures").FIGURES
        return found

    def claim(self, id: str) -> Claim:
        """The chapter's claim with that id."""
        return find("claim", id, self.claims)

    def figure(self, id: str) -> Figure:
        """The chapter's figure with that id."""
        return find("figure", id, self.figures)

    def snippet(self, claim: str) -> str:
        """The few lines that reach a claim's numbers by themselves, to be pasted elsewhere."""
        file = resources.files(f"explainers.{self.id}") / "snippets" / f"{claim}.py"
        return file.read_text(encoding="utf-8")

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"explainers.{self.id}.{name}")

"""Kinds of arguments: what is allowed stands in the type, is checked by it and said by it.

>>> @checked
... def noise(sd: Annotated[float, Number(0, 2)], seed: Seed = 0) -> float:
...     return sd
>>> noise(3)
Traceback (most recent call last):
ValueError: sd must be a number in [0, 2]; got 3

Models declare their arguments with these kinds, figures and claims the parameters that a reader
can set: there the kind also reads the text of a command line.
"""

from __future__ import annotations

import functools
import inspect
import math
import operator
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from itertools import islice
from numbers import Rational
from typing import Annotated, Any, ClassVar, NoReturn, ParamSpec, TypeVar

import numpy as np

from explainers.checks import reals, refuse

_P = ParamSpec("_P")
_R = TypeVar("_R")


@dataclass(frozen=True)
class Number:
    """One finite number from `low` to `high`; `open` leaves out the ends themselves.

    With `many`, a reader's setting may be a list of them: of that many, if it is a number.
    """

    low: float = -math.inf
    high: float = math.inf
    meaning: str = ""
    many: bool | int = False
    open: bool = False

    noun: ClassVar[str] = "number"

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        if self.many:
            some = f"{self.many} " if self.many > 1 else ""
            return f"{some}{self.noun}s{self.bounds}, separated by commas"
        unbounded = self.noun == "number" and math.isinf(self.high - self.low)
        return f"a {'finite ' if unbounded else ''}{self.noun}{self.bounds}"

    @property
    def bounds(self) -> str:
        """Say the ends, behind the noun."""
        low, high = (
            str(end) if isinstance(end, int) else f"{end:.12g}" for end in (self.low, self.high)
        )
        if math.isfinite(self.low) and math.isfinite(self.high):
            return f" above {low} and below {high}" if self.open else f" in [{low}, {high}]"
        if math.isfinite(self.low):
            return f" above {low}" if self.open else f" ≥ {low}"
        if math.isfinite(self.high):
            return f" below {high}" if self.open else f" ≤ {high}"
        return ""

    def read(self, value: Any) -> float:
        """One number, out of its text or of another type of number.

        >>> Number(0, 1).read("80%"), Number().read("5.7%")
        (0.8, 0.057)
        """
        if isinstance(value, str) and value.rstrip().endswith("%"):
            return float(value.rstrip()[:-1].rstrip() + "e-2")  # divided, 5.7 would be another
        return float(value)

    def parse(self, name: str, text: str) -> Any:
        """Read the value from the command line's text."""
        try:
            parsed = [self.read(part) for part in text.split(",")]
        except ValueError:
            self.refuse(name, text)
        return self.check(name, tuple(parsed) if self.many or len(parsed) != 1 else parsed[0])

    def check(self, name: str, value: Any) -> Any:
        """Return the value if it is allowed: a Python number, or a tuple of them."""
        elements = value if self.many and isinstance(value, Iterable) else (value,)
        found = tuple(map(self._one, elements))
        if not found or None in found or (self.many > 1 and len(found) != self.many):
            self.refuse(name, value)
        return found if self.many else found[0]

    def _one(self, value: Any) -> Any:
        """One number as Python's own; None if it is none, or not allowed."""
        real = isinstance(value, int | float | np.integer | np.floating)
        if not real or isinstance(value, bool) or not math.isfinite(value):
            return None
        return self.read(value) if self.inside(value) else None

    def inside(self, value: Any) -> Any:
        """Whether numbers lie between the ends; of an array, each of them."""
        if self.open:
            return (self.low < value) & (value < self.high)
        return (self.low <= value) & (value <= self.high)

    def refuse(self, name: str, value: object) -> NoReturn:
        """Say what is allowed, and what was given."""
        refuse(name, value, self.allowed)


@dataclass(frozen=True)
class Whole(Number):
    """One whole number from `low` to `high`; a float is refused, even a whole one."""

    noun: ClassVar[str] = "whole number"

    def read(self, value: Any) -> int:
        """One whole number, out of its text or of another type of number."""
        return int(value)

    def _one(self, value: Any) -> int | None:
        try:
            number = operator.index(value)
        except TypeError:
            return None
        return None if isinstance(value, bool) or not self.inside(number) else number


@dataclass(frozen=True)
class Exact(Number):
    """One number that stays exact: a Fraction or a whole number arrives as a Fraction.

    >>> [Exact(0, 1).check("zeros", value) for value in (1, Fraction(1, 2), 0.5)]
    [Fraction(1, 1), Fraction(1, 2), 0.5]
    """

    def _one(self, value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, Rational):
            return super()._one(value)
        return Fraction(value) if self.inside(value) else None


@dataclass(frozen=True)
class Each:
    """An array, or one value, every element of which is of a kind: float64 or int64."""

    kind: Number
    meaning: str = ""

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        return f"{self.kind.allowed}, or an array of them"

    def check(self, name: str, value: Any) -> Any:
        """Return the array if it is allowed; what is refused is named."""
        array = reals(name, value, self.allowed)
        whole = isinstance(self.kind, Whole)
        inside = np.isfinite(array) & self.kind.inside(array)
        if whole:
            # Beyond 2**53, float64 skips whole numbers: another one may have been given.
            inside &= (array == np.floor(array)) & (np.abs(array) < 2**53)
        if not inside.all():
            self.kind.refuse(name, array[~inside].flat[0])
        return array.astype(np.int64) if whole else array


@dataclass(frozen=True)
class Choice:
    """One of a few words or numbers."""

    options: tuple[Any, ...]
    meaning: str = ""

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        some = [*map(str, islice(self.options, 40)), *["..."] * (len(self.options) > 40)]
        return f"one of {', '.join(some)}"

    def parse(self, name: str, text: str) -> Any:
        """Read the value from the command line's text."""
        return self.check(name, {str(option): option for option in self.options}.get(text, text))

    def check(self, name: str, value: Any) -> Any:
        """Return the value if it is allowed."""
        known = isinstance(value, str | int | np.integer) and not isinstance(value, bool)
        if not known or value not in self.options:
            refuse(name, value, self.allowed)
        return self.options[self.options.index(value)]  # Python's own, of what NumPy gives


@dataclass(frozen=True)
class Flag:
    """True or False."""

    allowed: ClassVar[str] = "True or False"
    meaning: str = ""

    def check(self, name: str, value: Any) -> bool:
        """Return the value if it is allowed."""
        if not isinstance(value, bool | np.bool_):
            refuse(name, value, self.allowed)
        return bool(value)


@dataclass(frozen=True)
class Text:
    """A short text that can be printed: no line breaks, no control characters."""

    most: int = 200
    meaning: str = ""

    @property
    def allowed(self) -> str:
        """Say in words what is allowed."""
        return f"a text of at most {self.most} printable characters"

    def check(self, name: str, value: Any) -> str:
        """Return the value if it is allowed."""
        if not isinstance(value, str) or not value.isprintable() or len(value) > self.most:
            refuse(name, value, self.allowed)
        return value


Kind = Number | Each | Choice | Flag | Text

Share = Annotated[float, Number(0, 1)]
Chance = Annotated[Fraction | float, Exact(0, 1)]
Seed = Annotated[int, Whole(0, meaning="seed of the random numbers")]


@functools.cache  # asked when a function is called: its types may be named further below
def kinds_of(function: Callable[..., Any]) -> Mapping[str, Kind]:
    """The kinds that a function's arguments, or a class's fields, are declared to be.

    A bool is a flag.

    >>> def found(share: Share, seed: Seed | None = None, every: bool = False) -> None: ...
    >>> [kind.allowed for kind in kinds_of(found).values()]
    ['a number in [0, 1]', 'a whole number ≥ 0', 'True or False']
    """
    hints = typing.get_type_hints(function, include_extras=True)
    found = {name: _kind(hint) for name, hint in hints.items() if name != "return"}
    return {name: kind for name, kind in found.items() if kind is not None}


def _kind(hint: Any) -> Kind | None:
    if hint is bool:
        return Flag()
    options = typing.get_args(hint) if _is_union(hint) else (hint,)
    declared = (getattr(option, "__metadata__", ()) for option in options)
    return next((kind for found in declared for kind in found if isinstance(kind, Kind)), None)


def _is_union(hint: Any) -> bool:
    return typing.get_origin(hint) in (typing.Union, types.UnionType)


def checked(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have each declared argument checked, and made what its kind says, before a function runs.

    An argument that is None by default may be None.
    """
    signature = inspect.signature(function)
    optional = {p.name for p in signature.parameters.values() if p.default is None}

    @functools.wraps(function)
    def asked(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        given = signature.bind_partial(*args, **kwargs)
        for name, kind in kinds_of(function).items():
            if name in given.arguments and not (name in optional and given.arguments[name] is None):
                given.arguments[name] = kind.check(name, given.arguments[name])
        given.apply_defaults()  # one form of call for all: what is kept is found again
        return function(*given.args, **given.kwargs)

    return asked


def kept(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Have the arguments checked, and what they give computed once and kept."""
    return checked(typing.cast(Callable[_P, _R], functools.cache(function)))


def check_fields(record: Any) -> None:
    """Check the declared fields of a dataclass, from its ``__post_init__``."""
    kinds = kinds_of(record.__class__)
    for field in fields(record):
        value = getattr(record, field.name)
        if field.name in kinds and not (value is None and field.default is None):
            kinds[field.name].check(field.name, value)

"""What the site is made of: figures, texts with numbers in them, and parameters that a reader sets.

A record says what is claimed or drawn; it computes nothing when it is defined. Chapters build
their records from these types, and everything to their right (artefacts, pages) reads them.
What a claim is stands in `explainers.claim`.
"""

from __future__ import annotations

import inspect
import math
import string
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from numbers import Real
from typing import Any

from explainers.drawing import style
from explainers.drawing.rendering import Drawing
from explainers.kinds import Choice, Number, kinds_of
from explainers.lookup import SettingError
from explainers.wording import in_digits, in_words

Scalar = float | int


def fill(template: str, values: Mapping[str, Any]) -> str:
    """Fill a template's ``{name:format}`` placeholders; an unknown name is an error.

    The ends of an interval are ``{name.low}`` and ``{name.high}``.

    >>> fill("{n} units, {x.real:.1f}, {macs:words}", {"n": 4, "x": 0.25, "macs": 15470264320})
    '4 units, 0.2, 15.5 billion'
    """
    for _, placed, _, _ in string.Formatter().parse(template):
        name = placed and placed.partition(".")[0]
        if name is not None and name not in values:
            known = ", ".join(sorted(values))
            raise LookupError(f"no value {name!r} for the text {template!r}; there is {known}")
    return _FORMATTER.vformat(template, (), values)


class _Formatter(string.Formatter):
    """Python's own, which also knows how one says a large number, and writes a true minus."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "words":
            return in_words(getattr(value, "value", value))
        is_number = isinstance(value, Real)
        write = in_digits if is_number else super().format_field
        return str(write(value, format_spec))


_FORMATTER = _Formatter()


def refuse_unreal(values: Mapping[str, Any]) -> None:
    """Refuse values that are no number, or infinite: a text must not say nan.

    >>> refuse_unreal({"hit": 0.5, "miss": float("nan")})
    Traceback (most recent call last):
    ValueError: miss must be a finite number; it is nan
    """
    for name, value in values.items():
        for number in (getattr(value, end, None) for end in ("value", "low", "high")):
            _refuse_unreal(name, number)
        _refuse_unreal(name, value)


def _refuse_unreal(name: str, number: object) -> None:
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


class Formula(str):
    """A law in TeX, which MathJax and math-core know, and what its symbols are.

    >>> law = Formula(r"1-(1-p)^n", "n detectors, each of which fires with probability p")
    >>> law, law.symbols[:11]
    ('1-(1-p)^n', 'n detectors')
    """

    symbols: str

    def __new__(cls, tex: str, symbols: str) -> Formula:
        """Plain text: symbols are single letters, written as they are."""
        made = super().__new__(cls, tex)
        made.symbols = symbols
        return made


@dataclass(frozen=True)
class Parameter:
    """One settable parameter of a figure or a claim."""

    name: str
    kind: Number | Choice
    default: Any


OWN = ("picture", "network")
"""Arguments of a drawing function that take what is a reader's own, and no setting."""


class Settable(ABC):
    """What a reader can compute with parameters of his own: those of a function, checked."""

    id: str

    @property
    @abstractmethod
    def takes(self) -> Callable[..., Any]:
        """The function whose parameters they are."""

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """The parameters that a reader can set, by name."""
        kinds: Mapping[str, Any] = kinds_of(self.takes)
        return {
            name: Parameter(name, kinds[name], parameter.default)
            for name, parameter in inspect.signature(self.takes).parameters.items()
            if name not in OWN or name in kinds
        }

    @property
    def defaults(self) -> dict[str, Any]:
        """The settings that the site shows."""
        return {name: parameter.default for name, parameter in self.parameters.items()}

    def checked(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """These settings, each of them known and allowed."""
        with _setting():
            return {name: self._kind(name).check(name, value) for name, value in settings.items()}

    def settings(self, assignments: Iterable[str]) -> dict[str, Any]:
        """Read ``name=value`` texts into checked settings, each set once."""
        found: dict[str, Any] = {}
        for name, _, text in (assignment.partition("=") for assignment in assignments):
            if name in found:
                raise SettingError(f"{name} is set twice")
            with _setting():
                found[name] = self._kind(name).parse(name, text)
        return found

    def _kind(self, name: str) -> Number | Choice:
        if name not in self.parameters:
            known = ", ".join(self.parameters) or "none"
            raise SettingError(f"{self.id} has no parameter {name!r}; it has {known}")
        return self.parameters[name].kind


@contextmanager
def _setting() -> Iterator[None]:
    """What a kind refuses here, a reader has set."""
    try:
        yield
    except ValueError as error:
        raise SettingError(str(error)) from None


@dataclass(frozen=True)
class Figure(Settable):
    """A figure of the site: how it is drawn, and what its caption and alternative text say."""

    id: str
    title: str
    caption: str
    alt: str
    draw: Callable[..., Drawing] = field(repr=False)

    @property
    def takes(self) -> Callable[..., Any]:
        """The function whose parameters a reader can set."""
        return self.draw

    @property
    def __signature__(self) -> inspect.Signature:
        """What it can be called with, by name: as notebooks and editors show it."""
        signature = inspect.signature(self.draw)
        named = [p.replace(kind=p.KEYWORD_ONLY) for p in signature.parameters.values()]
        return signature.replace(parameters=named)

    def shows(self, own: str) -> bool:
        """Whether it can show a reader's own picture or network: one of `OWN`."""
        return own in inspect.signature(self.draw).parameters.keys() - self.parameters.keys()

    def __call__(self, **settings: Any) -> Drawing:
        """Draw the figure with the given parameters, checked; of what is one's own, if it can."""
        own = {name: settings.pop(name) for name in OWN if self.shows(name) and name in settings}
        checked = self.checked(settings)
        with style.applied():
            drawing = self.draw(**checked, **own)
        texts = self.defaults | checked | dict(drawing.values)
        refuse_unreal(texts)
        caption, alt = fill(self.caption, texts), fill(self.alt, texts)
        title = drawing.title or self.title
        for name, text in (("title", title), ("caption", caption), ("alt", alt)):
            refuse_empty(name, text)
        return replace(drawing, id=self.id, caption=caption, alt=alt, title=title)


def figure(*, title: str, caption: str, alt: str) -> Callable[[Callable[..., Drawing]], Figure]:
    """Make a figure of a drawing function; the function's name gives the id."""

    def decorate(draw: Callable[..., Drawing]) -> Figure:
        return Figure(draw.__name__.replace("_", "-"), title, caption, alt, draw)

    return decorate

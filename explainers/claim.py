"""What a claim is: numbers that a function computes, and a verdict that is computed over a range.

A *judged* claim has a sentence, and two ranges. *Asked* is what its question covers: the settings
that people use, from the shared table in `explainers.ranges`. Its *domain*, within that, is where
the sentence is asserted. In each case the numbers say yes, no, or leave it open, and the verdict
follows from these answers (`explainers.sweep` collects them). A *fact* has a number, the convention
that it is counted by, and no verdict.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, SupportsFloat

from explainers.intervals import Interval
from explainers.ranges import Range
from explainers.records import Settable, fill, refuse_empty, refuse_unreal

# ---- Numbers ----

# The units of all values, and no others: two words for one thing would be two units.
UNITS = frozenset(
    {
        "MB", "area under the ROC curve", "bits", "correlation", "count", "d′", "layers",
        "multiply–accumulates", "of the white level", "of unrelated maps", "operations",
        "percentage points", "pixels", "places", "probability", "ratio", "share",
        "standard deviations", "standard deviations of the picture", "weights",
    }
)  # fmt: skip


# What an interval can be over. All but the petals are drawn anew with every seed.
PETALS = "petals like these"
OVER = frozenset(
    {
        "noise on this photograph", "noise and orders of its tiles on this photograph",
        "random maps", "random networks", "random flowers", "random places", PETALS,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Value:
    """One computed number: what it is, in which unit, what it means, and its 95% interval.

    `low` and `high` are the ends of the interval, and `over` says what it is over: what would be
    drawn anew. Where the number is exact there is none of the three.
    """

    value: float | int
    unit: str
    meaning: str
    low: float | None = None
    high: float | None = None
    over: str = ""

    def __post_init__(self) -> None:
        """Refuse an interval that is none, and a unit that the list does not know."""
        if self.unit not in UNITS:
            raise ValueError(f"unit must be one of the list in explainers.claim; got {self.unit!r}")
        if (self.low is None) != (self.high is None):
            raise ValueError(f"{self.meaning}: an interval has two ends")
        if self.over not in (OVER if self.low is not None else {""}):
            raise ValueError(f"{self.meaning}: an interval is over one of OVER; got {self.over!r}")
        if self.low is not None and self.high is not None and not self.low <= self.high:
            raise ValueError(f"{self.meaning}: the interval ends at {self.high}, below {self.low}")

    def __format__(self, spec: str) -> str:
        """Format the bare number, so that templates can write ``{hit:.1%}``.

        >>> f"{share(0.9984, 'hit rate'):.1%}"
        '99.8%'
        """
        return format(self.value, spec).replace("-", "−")


Values = Mapping[str, Value]


def probability(value: SupportsFloat, meaning: str) -> Value:
    """How probable something is, by a law."""
    return Value(float(value), "probability", meaning)


def share(value: SupportsFloat, meaning: str) -> Value:
    """A share of what was counted or tried."""
    return Value(float(value), "share", meaning)


def count(value: int, meaning: str, unit: str = "count") -> Value:
    """A whole number of things."""
    return Value(int(value), unit, meaning)


def times(value: SupportsFloat, meaning: str) -> Value:
    """A ratio of two like numbers."""
    return Value(float(value), "ratio", meaning)


def points(value: SupportsFloat, meaning: str) -> Value:
    """A difference of two shares, in percentage points.

    >>> points(0.25, "more of the petals").value
    25.0
    """
    return Value(100 * float(value), "percentage points", meaning)


def estimated(
    make: Callable[[SupportsFloat, str], Value],
    found: Interval[Any],
    meaning: str,
    over: str,
) -> Value:
    """A measured number with its 95% interval, made like an exact one.

    >>> estimated(points, Interval(0.02, 0.01, 0.04), "gain", "random maps").high
    4.0
    """
    value, low, high = (make(end, meaning) for end in found)
    return replace(value, low=float(low.value), high=float(high.value), over=over)


# ---- Judgements ----


class Verdict(StrEnum):
    """What the numbers say of a claim, over all that its question asks."""

    HOLDS = "holds"
    ON_CONDITION = "holds on condition"
    FAILS = "does not hold"


class Answer(StrEnum):
    """What the numbers of one case say of the sentence."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


Case = Mapping[str, Any]


def _anywhere(**_: Any) -> bool:
    return True


@dataclass(frozen=True)
class Judged:
    """How a claim's sentence is decided, case by case.

    Attributes
    ----------
    asked
        What the question covers: for each parameter that it leaves free, the range that people use.
    margin
        By how much the numbers of a case bear the sentence out: positive for, negative against. An
        identity compares exactly, and gives True or False.
    domain
        Where the sentence is asserted; everywhere that is asked, if it is left out.
    condition
        The domain in words, as what follows *if*; with placeholders, like the statement.
    otherwise
        What is so where the sentence is not asserted; whole sentences, which no quotation needs.
    together
        Which cases make sense, where not all combinations do.
    least
        The smallest margin that matters: within it, either way, a case is open.
    trial
        Computes what `margin` reads, where the claim's own function computes much more.
    tries
        How many cases a sweep tries at most.
    possible
        The sentence says that something *can* happen: one case that says yes decides it.
    """

    asked: Mapping[str, Range]
    margin: Callable[[Values], float | bool]
    domain: Callable[..., bool] = _anywhere
    condition: str = ""
    otherwise: str = ""
    together: Callable[..., bool] = _anywhere
    least: float = 0.0
    trial: Callable[..., Values] | None = None
    tries: int = 2000
    possible: bool = False

    def answer(self, margins: Iterable[float | bool]) -> tuple[Answer, float]:
        """Answer a case by its margin, or by its margins under several seeds; and their mean.

        >>> Judged({}, margin=lambda v: 0).answer([0.5])
        (<Answer.YES: 'yes'>, 0.5)
        >>> Judged({}, margin=lambda v: 0).answer([0.5, -0.4, 0.1])[0]
        <Answer.OPEN: 'open'>

        Where nothing differs at all, a sentence that says *more* is wrong:

        >>> Judged({}, margin=lambda v: 0).answer([0.0])[0]
        <Answer.NO: 'no'>
        """
        given = list(margins)
        if all(isinstance(margin, bool) for margin in given):
            right = all(given)
            return (Answer.YES if right else Answer.NO), 1.0 if right else -1.0
        if not any(given):
            return Answer.NO, 0.0
        mean = math.fsum(given) / len(given)
        reach = _reach(given, mean) if len(given) > 1 else 0.0
        if mean - reach > self.least:
            return Answer.YES, mean
        if mean + reach < -self.least:
            return Answer.NO, mean
        return Answer.OPEN, mean


# Half the width of a 99% interval, in standard errors, for 16 seeds (Student's t, 15 degrees of
# freedom): many cases are looked at, and a few of them must not say what is not so.
_T = 2.9467


def _reach(margins: list[float | bool], mean: float) -> float:
    squares = math.fsum((margin - mean) ** 2 for margin in margins)
    return _T * math.sqrt(squares / (len(margins) - 1) / len(margins))


@dataclass(frozen=True)
class Fact:
    """What a number without a verdict is counted by.

    Attributes
    ----------
    convention
        The convention, in words.
    rival
        Another one that is in use, with its number; empty if there is none.
    """

    convention: str
    rival: str = ""


@dataclass(frozen=True)
class Earlier:
    """A verdict that the claim had before, and why it changed: posts cite it."""

    until: str
    verdict: Verdict
    why: str


# ---- Claims ----


@dataclass(frozen=True)
class Claim(Settable):
    """One statement of the site, with the function that computes its numbers.

    Attributes
    ----------
    id
        Permanent, in kebab-case; part of the claim's address.
    values
        Computes the numbers; what it takes are the claim's parameters.
    question
        What it answers, in plain words.
    examines
        Whose claim it examines: ``T1`` … ``T8`` of the thread, or the key of a source.
    kind
        How it is judged, or by which convention its number counts.
    says
        The judged sentence, without its condition and its numbers: pages quote it.
    statement
        Markdown with ``{name:format}`` placeholders for the values.
    answer
        The claim as a person would post it, for somebody who sees nothing else: forty to ninety
        words of plain text. The first sentence stands by itself, as a comment: with a number and
        with the condition. Placeholders as in the statement.
    formula
        The law, or the definition of what is measured, in TeX that MathJax and math-core know.
    prints, within
        Names of the values that its snippet prints, in this order, and how far a simulation in
        the snippet may be from the values (zero: only rounding).
    figure
        Id of the figure that shows it.
    code
        Dotted name of the function that computes it.
    test
        ``path::function`` of the test that keeps it by a second route.
    sources
        Keys of `explainers.sources`.
    earlier
        Verdicts that it had before, the last one first.
    lighter
        Settings under which its intervals are tried, where as on the page it would take hours.
    """

    id: str
    values: Callable[..., Values] = field(repr=False)
    question: str
    examines: str
    kind: Judged | Fact
    says: str
    statement: str
    answer: str
    formula: str
    prints: tuple[str, ...]
    figure: str
    code: str
    test: str
    within: float = 0.0
    sources: tuple[str, ...] = ()
    earlier: tuple[Earlier, ...] = ()
    lighter: Mapping[str, Any] = field(default_factory=dict)

    @property
    def takes(self) -> Callable[..., Any]:
        """The function whose parameters a reader can set."""
        return self.values

    @property
    def judged(self) -> Judged | None:
        """How it is judged; None for a fact."""
        return self.kind if isinstance(self.kind, Judged) else None

    @property
    def condition(self) -> str:
        """Where the sentence is asserted, in words with placeholders; empty if everywhere."""
        return self.kind.condition if isinstance(self.kind, Judged) else ""

    @property
    def otherwise(self) -> str:
        """What is so elsewhere; with placeholders too."""
        return self.kind.otherwise if isinstance(self.kind, Judged) else ""

    @cached_property
    def replicated(self) -> bool:
        """Whether its numbers are measured: then it has a seed."""
        return "seed" in self.parameters

    def computed(self, **settings: Any) -> Values:
        """Compute the values with these settings, all others as on the page."""
        for name in ("question", "says", "statement", "answer"):
            refuse_empty(name, getattr(self, name))
        values = self.values(**self.checked(settings))
        refuse_unreal(values)
        return values

    def filled(self, template: str, values: Values) -> str:
        """Fill a text of this claim."""
        return fill(template, values)


def claim(
    *, code: Callable[..., Any], test: str = "", **record: Any
) -> Callable[[Callable[..., Values]], Claim]:
    """Make a claim of the function that computes its numbers; the function's name gives the id.

    The test that keeps it is ``test_<name>`` in the chapter's ``test_claims.py`` if none is named.
    """

    def decorate(values: Callable[..., Values]) -> Claim:
        name, chapter = values.__name__, values.__module__.split(".")[-2]
        return Claim(
            id=name.replace("_", "-"),
            values=values,
            code=f"{code.__module__}.{code.__qualname__}",
            test=f"tests/{chapter}/test_claims.py::{test or f'test_{name}'}",
            **record,
        )

    return decorate


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

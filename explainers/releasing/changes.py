"""What changed between two claims.json: as data, for machines and for people."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from explainers.errors import visible

# Relative to a number, and to one: what another processor's rounding can do.
NOISE = 1e-9
NOISE_AT_ZERO = 1e-15

Record = Mapping[str, Any]


class Kind(StrEnum):
    """What is different about a claim."""

    NEW = "new"
    GONE = "gone"
    VERDICT = "verdict"
    CONDITION = "condition"
    VALUE = "value"
    WORDING = "wording"


@dataclass(frozen=True)
class Change:
    """One difference.

    Attributes
    ----------
    claim, question
        The claim's id and question; of a verdict on the thread, ``T4 (detection)`` and its text.
    kind
        What is different. Wording is named only where nothing else is.
    name
        Of a value, its name.
    old, new
        Verdict, condition or value (number, unit and meaning) before and after; None: not there.
    page
        The Markdown page that says it.
    """

    claim: str
    question: str
    kind: Kind
    name: str = ""
    old: Any = None
    new: Any = None
    page: str = ""


@dataclass(frozen=True)
class _Entry:
    """What is compared of a claim, or of a verdict on the thread."""

    page: str
    question: str
    verdict: str | None
    condition: str
    wording: tuple[Any, ...]
    values: Mapping[str, Any] = field(default_factory=dict)


def compare(old: Record, new: Record) -> tuple[Change, ...]:
    """List all differences, in the order of the new claims; those gone come last."""
    before, after = _entries(old), _entries(new)
    return tuple(
        change
        for id in _union(after, before)
        for change in _differences(id, before.get(id), after.get(id))
    )


def pages(record: Record) -> set[str]:
    """The pages that claims and verdicts stand on."""
    return {entry.page for entry in _entries(record).values()}


def _entries(record: Record) -> dict[str, _Entry]:
    claims = {
        claim["id"]: _Entry(
            page=f"claims/{claim['id']}.md",
            question=claim["question"],
            verdict=claim["verdict"],
            condition=claim["condition"],
            wording=(
                claim["question"],
                claim["template"],
                claim.get("answer"),
                claim.get("formula"),
                [value["meaning"] for _, value in sorted(claim["values"].items())],
            ),
            values=claim["values"],
        )
        for claim in record["claims"]
    }
    rulings = {
        f"{ruling['examines']} ({ruling['chapter']})": _Entry(
            page=f"{ruling['chapter']}.md",
            question=f"{ruling['examines']}: {ruling['says']}",
            verdict=ruling["verdict"],
            condition=ruling["condition"],
            wording=(ruling["says"], ruling["part"]),
        )
        for ruling in record["rulings"]
    }
    return claims | rulings


def _differences(id: str, old: _Entry | None, new: _Entry | None) -> list[Change]:
    entry = new or old
    assert entry is not None

    def change(kind: Kind, **what: Any) -> Change:
        return Change(id, entry.question, kind, page=entry.page, **what)

    if old is None or new is None:
        return [change(Kind.NEW if old is None else Kind.GONE)]
    changes = [*_said(old, new, change), *_numbers(old, new, change)]
    if not changes and old.wording != new.wording:
        return [change(Kind.WORDING)]
    return changes


def _said(old: _Entry, new: _Entry, change: Callable[..., Change]) -> Iterator[Change]:
    if old.verdict != new.verdict:
        yield change(Kind.VERDICT, old=old.verdict, new=new.verdict)
    if old.condition != new.condition:
        yield change(Kind.CONDITION, old=old.condition, new=new.condition)


def _numbers(old: _Entry, new: _Entry, change: Callable[..., Change]) -> Iterator[Change]:
    for name in _union(new.values, old.values):
        before, after = old.values.get(name), new.values.get(name)
        if before is None or after is None or not _same(before, after):
            yield change(Kind.VALUE, name=name, old=before, new=after)


def _same(old: Record, new: Record) -> bool:
    return old["unit"] == new["unit"] and all(
        (old.get(end) is None) == (new.get(end) is None)
        and (old.get(end) is None or same_number(old[end], new[end]))
        for end in ("value", "low", "high")
    )


def same_number(old: float, new: float) -> bool:
    """Whether two numbers differ by no more than rounding; whole ones must be equal.

    >>> same_number(0.1 + 0.2, 0.3), same_number(10**12, 10**12 + 1)
    (True, False)
    """
    if isinstance(old, int) and isinstance(new, int):
        return old == new
    return math.isclose(old, new, rel_tol=NOISE, abs_tol=NOISE_AT_ZERO)


def _union(first: Iterable[str], second: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*first, *second]))


# For machines and for people


def as_record(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """The changes for machines; values stand as in claims.json."""
    rows = [asdict(change) for change in changes]
    return [{name: cell for name, cell in row.items() if name != "page"} for row in rows]


def as_text(changes: Iterable[Change]) -> str:
    """The changes for people, in aligned columns."""
    rows = [
        tuple(map(visible, (change.claim, change.name or change.kind, _line(change))))
        for change in changes
    ]
    if not rows:
        return "nothing changed"
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{id:<{first}}  {what:<{second}}  {text}".rstrip() for id, what, text in rows)


def _line(change: Change) -> str:
    if change.kind in (Kind.NEW, Kind.GONE, Kind.WORDING):
        return change.question
    before, after = shown(change)
    return f"{before} → {after}" + (f"  ({_unit(change)})" if change.kind is Kind.VALUE else "")


def shown(change: Change) -> tuple[str, str]:
    """What it was and what it is, as texts that differ."""
    if change.kind is not Kind.VALUE:
        return change.old or "none", change.new or "none"
    old, new = change.old, change.new
    if old is None:
        return "none", _number(new["value"])
    if new is None:
        return _number(old["value"]), "none"
    before, after = apart(old["value"], new["value"])
    if old["unit"] == new["unit"]:
        return before, after
    return f"{before} {old['unit']}", f"{after} {new['unit']}"


def _unit(change: Change) -> str:
    unit: str = (change.new or change.old)["unit"]
    return unit


def apart(old: float, new: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart, but four at least.

    >>> apart(0.99841, 0.99844), apart(0.5, 0.25), apart(1000, 2000)
    (('0.99841', '0.99844'), ('0.5', '0.25'), ('1,000', '2,000'))
    """
    if same_number(old, new) or (isinstance(old, int) and isinstance(new, int)):
        return _number(old), _number(new)
    written = ((_number(old, digits), _number(new, digits)) for digits in range(4, 18))
    return next(pair for pair in written if pair[0] != pair[1])


def _number(number: float, digits: int = 4) -> str:
    whole = isinstance(number, int)
    return (f"{number:,}" if whole else f"{number:.{digits}g}").replace("-", "−")

"""A count as a table for a person, for a spreadsheet or a page, and as a record for a machine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from explainers.kinds import checked
from explainers.networks.count import Count, LayerCount
from explainers.networks.graph_count import GraphCount, Row
from explainers.networks.layers import Shape

Counted: TypeAlias = Count | GraphCount
Line: TypeAlias = LayerCount | Row

_WORDS = 3  # columns of words, set to the left
_NAMES = {"macs": "multiply–accumulates"}
_BEHIND = ("activations", "field", "jump", "centre", "padding")


@checked
def as_text(count: Counted, blocks: bool = False) -> str:
    """Return the table, its columns aligned, with the totals below; a column of zeros is left out.

    Below stands what the totals leave out.

    Parameters
    ----------
    count
        What was counted.
    blocks
        Whether a row is a block, with the sums of its layers.

    Examples
    --------
    >>> from explainers.networks.count import count
    >>> from explainers.networks.layers import Conv2d, MaxPool2d
    >>> from explainers.networks.network import Network
    >>> tiny = Network("tiny", (Conv2d(4, 3), MaxPool2d(2)), input_size=8, channels=1)
    >>> print(as_text(count(tiny)).splitlines()[2][:49])
    conv1  Conv2d     4 × 6 × 6                 1,296
    """
    columns = _columns(count, blocks)
    aligned = [_aligned(column, left=i < _WORDS) for i, column in enumerate(columns)]
    lines = ["  ".join(row).rstrip() for row in zip(*aligned, strict=True)]
    return "\n".join([_title(count), *lines, *notes(count)])


@checked
def as_markdown(count: Counted, blocks: bool = False) -> str:
    """Return the same table in Markdown."""
    columns = _columns(count, blocks)
    words = sum(column[0] in ("layer", "block", "kind", "shape") for column in columns)
    said = [f"- {note}" for note in notes(count)]
    return "\n".join([_title(count), "", *_marked(columns, words), *([""] if said else []), *said])


@checked
def as_csv(count: Counted, blocks: bool = False) -> str:
    """Return the table for a spreadsheet: plain numbers, all columns, without the totals."""
    record = as_record(count)
    rows = record["blocks" if blocks else "layers"]
    return _separated([list(rows[0]), *([_cell(value) for value in row.values()] for row in rows)])


def _columns(count: Counted, blocks: bool) -> list[Sequence[str]]:
    """The columns, head and totals included."""
    work = [_NAMES.get(name, name) for name in count.work._fields]
    head = ["block" if blocks else "layer", "kind", "shape", work[0], "share", *work[1:], *_BEHIND]
    total = ["at least" if _lacks(count) else "total", "", ""]
    total += [_number(count.macs), "100.0%" if count.macs else "–"]
    total += [_number(value) for value in (*count.work[1:], count.activations)]
    total += [""] * (len(head) - len(total))
    lines = _block_lines(count) if blocks else [_line(count, layer) for layer in count.layers]
    if blocks:
        del head[-4:], total[-4:]
    columns: list[Sequence[str]] = list(zip(head, *lines, total, strict=True))
    return [c for c in columns if c[0] == "centre" or set(c[1:]) - {"0", ""}]


def _line(count: Counted, layer: Line) -> list[str]:
    numbers = [_number(layer.work.macs), _share(count, layer.work.macs)]
    numbers += [_number(value) for value in (*layer.work[1:], layer.activations)]
    if not _is_counted(layer):
        numbers = ["not counted", *["–"] * (len(numbers) - 1)]
    size, jump, _ = (_along(values) for values in _seen(layer))
    padding = _along([None if start is None else max(-start, 0) for _, _, start in _views(layer)])
    centre = _along([_centre(size, start) for size, _, start in _views(layer)])
    return [layer.name, layer.kind, _shape(layer.shape), *numbers, size, jump, centre, padding]


def _block_lines(count: Counted) -> list[list[str]]:
    rows = blocks_of(count)
    return [
        [
            *(str(row["name"]), f"{row['layers']} layers" if row["layers"] > 1 else "", ""),
            *(_number(row["macs"]), _share(count, row["macs"])),
            *(_number(row[name]) for name in (*count.work._fields[1:], "activations")),
        ]
        for row in rows
    ]


def blocks_of(count: Counted) -> list[dict[str, Any]]:
    """The sums of the layers of each block."""
    rows: dict[str, dict[str, Any]] = {}
    for layer in count.layers:
        nothing = dict.fromkeys((*count.work._fields, "activations"), 0)
        row = rows.setdefault(layer.block, {"name": layer.block, "layers": 0, **nothing})
        row["layers"] += 1
        for name, value in (*layer.work._asdict().items(), ("activations", layer.activations)):
            row[name] += value
    return list(rows.values())


def notes(count: Counted) -> list[str]:
    """Say what the totals leave out, a line each."""
    lines = []
    if isinstance(count, GraphCount) and count.uncounted:
        lines.append(f"not counted, so that the totals are at least: {_several(count.uncounted)}")
    if isinstance(count, GraphCount) and count.free:
        lines.append(f"without work: {_several(count.free)}")
    besides = {
        "values that come into normalisations": count.normalised,
        "places of maxima, of eight bytes": count.places,
    }
    said = [f"{value:,} {what}" for what, value in besides.items() if value]
    if said:
        lines.append(f"training in PyTorch also holds {' and '.join(said)}")
    return lines


def _several(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{number:,} {name}" for name, number in numbers.items())


# Two networks


def compared(one: Counted, other: Counted) -> list[tuple[str, str, str, str]]:
    """Two networks beside each other: each quantity, and how many times as much the second has."""
    rows = [("", one.network, other.network, "times")]
    first, second = (_totals(count) for count in (one, other))
    for name in {**first, **second}:
        a, b = first.get(name, 0), second.get(name, 0)
        if a or b:
            times = f"{b / a:.3g}" if a and not (_lacks(one) or _lacks(other)) else "–"
            least = [("at least " if _lacks(count) else "") for count in (one, other)]
            row = _NAMES.get(name, name), f"{least[0]}{a:,}", f"{least[1]}{b:,}", times
            rows.append(row)
    return rows


def compared_text(one: Counted, other: Counted) -> str:
    """Return two networks beside each other, aligned."""
    columns = list(zip(*compared(one, other), strict=True))
    aligned = [_aligned(column, left=i == 0) for i, column in enumerate(columns)]
    lines = ["  ".join(row).rstrip() for row in zip(*aligned, strict=True)]
    return "\n".join([_title(one), _title(other), *lines, *_both_notes(one, other)])


def compared_markdown(one: Counted, other: Counted) -> str:
    """Return the same in Markdown."""
    columns = list(zip(*compared(one, other), strict=True))
    said = [f"- {line}" for line in (_title(one), _title(other), *_both_notes(one, other))]
    return "\n".join([*_marked(columns, 1), "", *said])


def compared_csv(one: Counted, other: Counted) -> str:
    """Return the same for a spreadsheet."""
    first, second = _totals(one), _totals(other)
    names = list({**first, **second})
    rows = [[name, first.get(name, 0), second.get(name, 0)] for name in names]
    return _separated([["quantity", one.network, other.network], *rows])


def _both_notes(one: Counted, other: Counted) -> list[str]:
    return [f"{count.network}: {note}" for count in (one, other) for note in notes(count)]


def _totals(count: Counted) -> dict[str, int]:
    return {
        **count.work._asdict(),
        "parameters": count.parameters,
        "activations": count.activations,
        "layers": len(count.layers),
    }


# For machines


def as_record(count: Counted) -> dict[str, Any]:
    """Return the table as plain data, for JSON."""
    totals = count.work._asdict() | {
        "parameters": count.parameters,
        "activations": count.activations,
    }
    return {
        "network": count.network,
        "pooling": count.pooling,
        "input": _sides_of_inputs(count),
        "macs": count.macs,
        "parameters": count.parameters,
        "activations": count.activations,
        "at_least": _lacks(count),
        "uncounted": dict(count.uncounted) if isinstance(count, GraphCount) else {},
        "without_work": dict(count.free) if isinstance(count, GraphCount) else {},
        "training_holds_besides": {"normalised": count.normalised, "places": count.places},
        "layers": [_layer_record(count, layer) for layer in count.layers],
        "blocks": blocks_of(count),
        "total": totals,
    }


def _sides_of_inputs(count: Counted) -> list[int] | dict[str, list[int]]:
    if isinstance(count, Count):
        return list(count.input)
    return {name: list(sides) for name, sides in count.inputs.items()}


def _layer_record(count: Counted, layer: Line) -> dict[str, Any]:
    size, jump, start = (_one_or_all(values) for values in _seen(layer))
    centre = _one_or_all([_real(_centre(size, start)) for size, _, start in _views(layer)])
    return {
        "name": layer.name,
        "kind": layer.kind,
        "counted": _is_counted(layer),
        "shape": list(layer.shape),
        **layer.work._asdict(),
        "activations": layer.activations,
        "share": layer.work.macs / count.macs if count.macs else 0.0,
        "field": size,
        "jump": jump,
        "start": start,
        "centre": centre,
    }


# What both kinds of counts have


def _lacks(count: Counted) -> bool:
    """Whether there is what could not be counted."""
    return isinstance(count, GraphCount) and bool(count.uncounted)


def _is_counted(layer: Line) -> bool:
    return layer.counted if isinstance(layer, Row) else True


_View: TypeAlias = tuple[int | None, int | None, int | None]


def _views(layer: Line) -> Sequence[_View]:
    """Size, jump and start of what a value sees, along each axis."""
    if isinstance(layer, Row):
        return layer.views or ((None, None, None),)
    return ((*layer.field, layer.start),)


def _seen(layer: Line) -> Iterable[tuple[int | None, ...]]:
    return zip(*_views(layer), strict=True)


def _centre(size: int | None, start: int | None) -> Fraction | None:
    """The pixel in the middle of what the first value sees."""
    return None if size is None or start is None else start + Fraction(size - 1, 2)


def _real(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _one_or_all(values: Sequence[Any]) -> Any:
    """One value if it is the same along all axes."""
    return values[0] if len(set(values)) == 1 else list(values)


def _along(values: Sequence[Any]) -> str:
    some = values[:1] if len(set(values)) == 1 else values
    return " × ".join("–" if value is None else f"{float(value):g}" for value in some)


# As text


def _title(count: Counted) -> str:
    said = str(count.input) if isinstance(count, Count) else _inputs(count.inputs)
    return f"{count.network}, input {said}, pooling {count.pooling}"


def _inputs(inputs: Mapping[str, Sequence[int]]) -> str:
    if len(inputs) == 1:
        return _shape(next(iter(inputs.values())))
    return ", ".join(f"{name} {_shape(shape)}" for name, shape in inputs.items())


def _shape(sides: Sequence[int]) -> str:
    """Sides of a tensor, without a first one that only says that it is one example."""
    if isinstance(sides, Shape):
        return str(sides)
    some = sides[1:] if len(sides) > 1 and sides[0] == 1 else sides
    return " × ".join(map(str, some)) or "–"


def _share(count: Counted, macs: int) -> str:
    return f"{macs / count.macs:.1%}" if count.macs else "0.0%"


def _number(value: int) -> str:
    return f"{value:,}"


def _cell(value: Any) -> Any:
    return " × ".join(map(str, value)) if isinstance(value, list) else value


def _separated(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().rstrip("\n")


def _marked(columns: Sequence[Sequence[str]], words: int) -> list[str]:
    """Rows of a table in Markdown, whose first columns are words."""
    head, *rows = zip(*columns, strict=True)
    rule = ["---"] * words + ["---:"] * (len(head) - words)
    escaped = ([cell.replace("|", r"\|") for cell in row] for row in (head, rule, *rows))
    return [f"| {' | '.join(row)} |" for row in escaped]


def _aligned(column: Sequence[str], left: bool) -> list[str]:
    width = max(map(len, column))
    return [cell.ljust(width) if left else cell.rjust(width) for cell in column]

"""A count as a table for a person, and as a record for a machine."""

from __future__ import annotations

from typing import Any

from explainers.networks.count import Count, LayerCount

_HEAD = (
    "layer",
    "kind",
    "shape",
    "multiply–accumulates",
    "share",
    "comparisons",
    "additions",
    "weights",
    "biases",
    "norms",
    "activations",
    "field",
    "jump",
)
_WORDS = 3  # columns of words, set to the left


def as_text(count: Count) -> str:
    """Return the table, its columns aligned, with the totals below; a column of zeros is left out.

    Examples
    --------
    >>> from explainers.networks.count import count
    >>> from explainers.networks.layers import Conv2d, MaxPool2d
    >>> from explainers.networks.network import Network
    >>> tiny = Network("tiny", (Conv2d(4, 3), MaxPool2d(2)), input_size=8, channels=1)
    >>> print(as_text(count(tiny)).splitlines()[2][:49])
    conv1  Conv2d     4 × 6 × 6                 1,296
    """
    rows = [
        _HEAD,
        *(_row(count, layer) for layer in count.layers),
        (
            "total",
            "",
            "",
            *_numbers(count.macs),
            "100.0%" if count.macs else "–",
            *_numbers(*count.work[1:], count.activations),
            "",
            "",
        ),
    ]
    columns = [c for c in zip(*rows, strict=True) if set(c[1:]) != {"0"}]
    aligned = [_aligned(column, left=i < _WORDS) for i, column in enumerate(columns)]
    title = f"{count.network}, input {count.input}, pooling {count.pooling}"
    return "\n".join([title, *("  ".join(row).rstrip() for row in zip(*aligned, strict=True))])


def _row(count: Count, layer: LayerCount) -> tuple[str, ...]:
    return (
        layer.name,
        layer.kind,
        str(layer.shape),
        *_numbers(layer.work.macs),
        f"{float(count.share(layer)):.1%}",
        *_numbers(*layer.work[1:], layer.activations),
        *("–" if value is None else f"{value}" for value in layer.field),
    )


def _numbers(*values: int) -> tuple[str, ...]:
    return tuple(f"{value:,}" for value in values)


def _aligned(column: tuple[str, ...], left: bool) -> list[str]:
    width = max(map(len, column))
    return [cell.ljust(width) if left else cell.rjust(width) for cell in column]


def as_record(count: Count) -> dict[str, Any]:
    """Return the table as plain data, for JSON."""
    totals = count.work._asdict() | {
        "parameters": count.parameters,
        "activations": count.activations,
    }
    return {
        "network": count.network,
        "pooling": count.pooling,
        "input": list(count.input),
        "layers": [
            {
                "name": layer.name,
                "kind": layer.kind,
                "shape": list(layer.shape),
                **layer.work._asdict(),
                "activations": layer.activations,
                "share": float(count.share(layer)),
                "field": layer.field.size,
                "jump": layer.field.jump,
            }
            for layer in count.layers
        ],
        "total": totals,
    }

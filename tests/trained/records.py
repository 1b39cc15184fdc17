"""The records, read without the package: plain loops over rows, arms told by their names."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

CHAPTER = Path(__file__).parents[2] / "explainers" / "trained"
RECORDS, DROPPED = CHAPTER / "records.jsonl", CHAPTER / "dropped.jsonl"
POOLED = ("mean", "max", "overlap", "blurred", "dense")

Record: TypeAlias = dict[str, Any]
Number: TypeAlias = Callable[[Record], float]


@cache
def lines(path: Path = RECORDS) -> list[Record]:
    """The rows, as dictionaries."""
    head, *rows = path.read_text(encoding="utf-8").splitlines()
    fields = json.loads(head)["fields"]
    return [dict(zip(fields, json.loads(row), strict=True)) for row in rows]


@cache
def arms() -> tuple[str, ...]:
    return tuple(sorted({row["arm"] for row in lines()}))


@cache
def rows_of(arm: str) -> tuple[Record, ...]:
    """The rows of an arm, by seed."""
    found = [row for row in lines() if row["arm"] == arm]
    assert found, arm
    return tuple(sorted(found, key=lambda row: int(row["seed"])))


def dropped(arm: str) -> tuple[Record, ...]:
    """The rows of an arm's networks trained with dropout, by seed."""
    found = [row for row in lines(DROPPED) if row["arm"] == arm]
    return tuple(sorted(found, key=lambda row: int(row["seed"])))


def each(arm: str, number: Number) -> list[float]:
    return [number(row) for row in rows_of(arm)]


def mean(arm: str, number: Number) -> float:
    numbers = each(arm, number)
    return sum(numbers) / len(numbers)


def right(row: Record, move: int = 0) -> float:
    """Share of the test digits that are told right, moved so far."""
    return float(row["moves"][move]) / 500


def everywhere(row: Record) -> float:
    """The same, over all nine moves."""
    return sum(right(row, move) for move in range(9)) / 9


def trained(row: Record) -> float:
    """Share of the training digits that are told right."""
    return float(row["trained"]) / int(row["arm"].split("-")[4])


def with_none(arm: str) -> str:
    """The arm without pooling: trained at one place where moved digits are nothing new to it."""
    other = "none-" + arm.split("-", 1)[1]
    return other if other in arms() else other.replace("-moved-", "-still-")

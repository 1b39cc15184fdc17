"""Find a record by its id, and say which one may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Protocol, TypeVar


class SettingError(ValueError):
    """A figure was given a parameter that it does not have, or a value that it does not allow."""


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

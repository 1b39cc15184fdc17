"""The page of changes: what each release, and this build, says that the one before did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from packaging.version import Version

from explainers.artefacts import templates
from explainers.releasing.changes import Change, Kind, Record, compare, pages, shown

_IN_THE_TABLE = (Kind.VERDICT, Kind.CONDITION, Kind.VALUE)


def page(releases: Mapping[str, Record], present: Record, address: str) -> str:
    """The Markdown page of changes, the newest first.

    Parameters
    ----------
    releases
        The records of all releases, by version.
    present
        The claims.json of this build.
    address
        The site's root, with a slash at its end: below it each release stays, at its version.
    """
    newest_first = sorted(releases, key=Version, reverse=True)
    return templates.render(
        "changes.md",
        sections=list(_sections(newest_first, releases, present)),
        pages=pages(present),
        address=address,
        versions=[(v, releases[v].get("edition", {}).get("date", "")) for v in newest_first],
    )


def _sections(
    newest_first: list[str], releases: Mapping[str, Record], present: Record
) -> Iterator[dict[str, Any]]:
    if not newest_first:
        yield _section("Since the start", "since") | {"nothing": "Nothing is released yet."}
        return
    newest, first = newest_first[0], newest_first[-1]
    yield _section(f"Since {newest}", "since", compare(releases[newest], present))
    for new, old in pairwise(newest_first):
        yield _section(f"Version {new}", f"v{new}", compare(releases[old], releases[new]))
    yield _section(f"Version {first}", f"v{first}") | {"first": len(releases[first]["claims"])}


def _section(heading: str, id: str, changes: tuple[Change, ...] = ()) -> dict[str, Any]:
    return {
        "heading": heading,
        "id": id,
        "first": 0,
        "nothing": "" if changes else "Nothing changed.",
        "table": [(c, _what(c), *shown(c)) for c in changes if c.kind in _IN_THE_TABLE],
        "new": [c for c in changes if c.kind is Kind.NEW],
        "gone": [c for c in changes if c.kind is Kind.GONE],
        "worded": [c for c in changes if c.kind is Kind.WORDING],
    }


def _what(change: Change) -> str:
    if change.kind is not Kind.VALUE:
        return str(change.kind)
    value = change.new or change.old
    return f"{value['meaning']} ({value['unit']})"

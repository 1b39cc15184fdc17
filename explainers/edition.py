"""Which edition of the site this is: its version, date and commit, and where it is published."""

from __future__ import annotations

import datetime
import json
import os
import re
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import NoReturn

from explainers import project

SITE = "Why pooling?"
DESCRIPTION = "Why pooling is used in CNNs. Every claim shown, measured, and kept true by tests."
AUTHORS = "The Why pooling? authors"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Where a build that is not told of its address believes to be.
UNPUBLISHED = "https://why-pooling.example/"
# In a package that the site offers: which edition's it is.
CARRIED = "edition.json"

# Of plain signs only, an address stands in any text and attribute as it is.
_PLACE = r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:(?P<port>[0-9]{1,5}))?"
_PATH = r"(/(?!\.{1,2}(/|$))([\w.~@+-]|%[0-9A-Fa-f]{2})+)*/?"
_ADDRESS = re.compile(rf"https?://{_PLACE}{_PATH}", re.ASCII)
# The first and the last second that the dates of an archive's files can be.
_SECONDS = (315_532_800, 4_354_819_199)


@dataclass(frozen=True)
class Edition:
    """One edition of the site.

    Attributes
    ----------
    version
        Of the package that computed it.
    date
        ISO date of the commit it was built from; of the last release, where there is no git.
    commit
        Short hash, with a ``+`` if files were changed since; empty where there is no git.
    address
        The site's root, with a slash at its end.
    """

    version: str
    date: str
    commit: str
    address: str

    @property
    def name(self) -> str:
        """How a citation calls it.

        >>> Edition("1.0", "2026-11-23", "0123abc", "https://x.example/").name
        'version 1.0, commit 0123abc'
        """
        return f"version {self.version}" + (f", commit {self.commit}" if self.commit else "")

    @property
    def note(self) -> str:
        """The same, at the start of a sentence.

        >>> Edition("1.0", "2026-11-23", "", "https://x.example/").note
        'Version 1.0'
        """
        return self.name.capitalize()

    @property
    def day(self) -> datetime.date:
        """The date as a day of the calendar."""
        return datetime.date.fromisoformat(self.date)

    @property
    def published(self) -> bool:
        """Whether its address is one that others can reach."""
        return self.address != UNPUBLISHED


def address(given: str | None = None, otherwise: str = UNPUBLISHED) -> str:
    """The site's address: `given`, else SITE_URL of the environment, else that of no host.

    >>> address("https://x.example/pooling")
    'https://x.example/pooling/'
    >>> address("https://x.example/?a")
    Traceback (most recent call last):
    ValueError: --site must be as in https://host.example/path/; got 'https://x.example/?a'
    """
    if given is not None:
        return _checked("--site", given).rstrip("/") + "/"
    return _checked("SITE_URL", os.environ.get("SITE_URL") or otherwise).rstrip("/") + "/"


def published_address() -> str:
    """The address of what is to be published: SITE_URL must say it, or all links lead nowhere."""
    if not os.environ.get("SITE_URL"):
        _refuse(
            "SITE_URL", "", "the address that this is published at, as in https://host.example/"
        )
    return address()


def repository() -> str:
    """Where the source is published, by REPO_URL of the environment; empty if it does not say."""
    given = os.environ.get("REPO_URL", "")
    return _checked("REPO_URL", given) if given else ""


def _checked(name: str, given: str) -> str:
    match = _ADDRESS.fullmatch(given)
    if not match or not 0 < int(match["port"] or 1) < 65536:
        _refuse(name, given, "as in https://host.example/path/")
    return given


def release() -> str:
    """The version, if this build is the copy of a release that stays: WHY_POOLING_RELEASE."""
    from packaging.version import InvalidVersion, Version

    given = os.environ.get("WHY_POOLING_RELEASE", "")
    try:
        is_one = not given or str(Version(given)) == given
    except InvalidVersion:
        is_one = False
    if not is_one:
        _refuse("WHY_POOLING_RELEASE", given, "a version as released, as in 0.1.0")
    return given


def _refuse(name: str, value: str, allowed: str) -> NoReturn:
    from explainers.checks import refuse  # which imports NumPy

    refuse(name, value, allowed)


def _say(line: str) -> None:
    sys.stderr.write(f"explainers: {line}\n")


def edition(
    root: Path = project.HERE, site: str | None = None, say: Callable[[str], object] = _say
) -> Edition:
    """The edition that the files in the project's folder are, or the installed package is.

    Parameters
    ----------
    root
        The project's folder.
    site
        The site's address; by default SITE_URL says it.
    say
        Told in one line why the edition is not that of a commit, where it is not.

    Raises
    ------
    ValueError
        Naming a variable of the environment that is not what it must be, or a folder that nothing
        gives a date.
    """
    repository()
    if release():
        published_address()
    if root == project.HERE and (said := _carried()):
        return Edition(**said | {"address": address(site, said["address"])})
    place, told = address(site), _told()
    try:
        commit = project.commit(root)
        name, date = commit.name, told or _day(commit.seconds)
    except project.NoRepositoryError as reason:
        name, date = "", told or _of_the_last_release(root)
        if not told or (root / ".git").exists():
            say(f"{reason}: the edition has no commit, and its date is {date}")
    return Edition(metadata.version("explainers"), date.isoformat(), name, place)


def own_address() -> str:
    """Where this package's site is: as SITE_URL says, else as the package does that it offers."""
    return address(otherwise=_carried().get("address", UNPUBLISHED))


def _carried() -> dict[str, str]:
    file = Path(__file__).with_name(CARRIED)
    said: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return said


def carried(this: Edition) -> bytes:
    """The edition as a package of it carries it."""
    return json.dumps(asdict(this), indent=2).encode() + b"\n"


def _told() -> datetime.date | None:
    """The date that SOURCE_DATE_EPOCH says, if it is set."""
    given = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not given:
        return None
    first, last = _SECONDS
    if not re.fullmatch("[0-9]{1,12}", given) or not first <= int(given) <= last:
        allowed = f"whole seconds since 1970, from {_day(first)} to {_day(last)}"
        _refuse("SOURCE_DATE_EPOCH", given, allowed)
    return _day(int(given))


def _day(seconds: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()


def _of_the_last_release(root: Path) -> datetime.date:
    """The date in the citation file, which stands in the project and beside its licence."""
    import yaml

    file = root / "CITATION.cff"
    if file.is_file():
        text = file.read_text(encoding="utf-8", errors="replace")
    elif root == project.HERE:
        text = metadata.distribution("explainers").read_text(f"licenses/{file.name}") or ""
    else:
        text = ""
    try:
        read = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise ValueError(f"{file}: {error}") from None
    date = read.get("date-released") if isinstance(read, dict) else None
    if file.is_file() and not isinstance(date, datetime.date):
        raise ValueError(f"{file}: date-released must be a date as in 2026-11-28; it is {date!r}")
    if not isinstance(date, datetime.date):
        raise ValueError(
            f"nothing says of which date {root} is: it has no git repository of its own, and no "
            f"CITATION.cff with date-released; set SOURCE_DATE_EPOCH"
        )
    return date

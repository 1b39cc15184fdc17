"""Which edition of the site this is: its version, date and commit, and where it is published."""

from __future__ import annotations

import datetime
import os
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit

SITE = "Why pooling?"
AUTHORS = "The Why pooling? authors"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
# Where a build that is not told of its address believes to be; mkdocs.yml says the same.
UNPUBLISHED = "https://why-pooling.example/"


@dataclass(frozen=True)
class Edition:
    """One edition of the site.

    Attributes
    ----------
    version
        Of the package that computed it.
    date
        ISO date of the commit it was built from.
    commit
        Short hash, with a ``+`` if files were changed since; empty outside a repository.
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


def address(given: str | None = None) -> str:
    """The site's address: `given`, else SITE_URL of the environment, else the one of no host.

    >>> address("https://x.example/pooling")
    'https://x.example/pooling/'
    >>> address("x.example")
    Traceback (most recent call last):
    ValueError: the site's address must start with https:// or http://; got 'x.example'
    """
    found = given or os.environ.get("SITE_URL") or UNPUBLISHED
    parts = urlsplit(found)
    if parts.scheme not in {"https", "http"} or not parts.netloc:
        raise ValueError(f"the site's address must start with https:// or http://; got {found!r}")
    return found.rstrip("/") + "/"


def edition(root: Path, site: str | None = None) -> Edition:
    """The edition that a build in the project's folder makes."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH") or _git(root, "log", "-1", "--format=%ct") or "0"
    return Edition(
        version=metadata.version("explainers"),
        date=datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date().isoformat(),
        commit=_git(root, "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"),
        address=address(site),
    )


def _git(root: Path, *arguments: str) -> str:
    """What git says, or nothing where there is no repository of our own."""
    if not (root / ".git").exists():
        return ""
    done = subprocess.run(
        ["git", *arguments], cwd=root, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else ""

"""What a build says when it fails: one line."""

from __future__ import annotations


class BuildError(Exception):
    """A build failed; the message names the artefact, the file or the place, and the cure."""


def one_line(text: object) -> str:
    r"""A message on one line, without what would move the cursor.

    >>> one_line("a\n  b\x1b[31m")
    'a b[31m'
    """
    return " ".join("".join(c for c in str(text) if c.isprintable() or c.isspace()).split())

"""What a build says when it fails: one line."""

from __future__ import annotations


class BuildError(Exception):
    """A build failed; the message names the artefact, the file or the place, and the cure."""


def one_line(text: object) -> str:
    r"""A message on one line, without signs that would move the cursor.

    >>> one_line("a\n  b\x1b[31m")
    'a b[31m'
    """
    return visible(" ".join(str(text).split()))


def visible(text: object) -> str:
    """A text without signs that would move the cursor."""
    return "".join(sign for sign in str(text) if sign.isprintable())

"""What a build says when it fails: one line."""

from __future__ import annotations

_LONGEST = 1000  # signs of a message; what it repeats of the input may be longer


class BuildError(Exception):
    """A build failed; the message names the artefact, the file or the place, and the cure."""


def one_line(text: object) -> str:
    r"""A message on one line that a person reads, without signs that would move the cursor.

    >>> one_line("a\n  b\x1b[31m")
    'a b[31m'
    >>> len(one_line("a" * 50_000 + ": what to do"))
    1000
    """
    line = visible(" ".join(str(text).split()))
    if len(line) <= _LONGEST:
        return line
    half = (_LONGEST - 4) // 2  # the cure stands at the end
    return f"{line[:half]} ...{line[-half:]}"


def visible(text: object) -> str:
    """A text without signs that would move the cursor."""
    return "".join(sign for sign in str(text) if sign.isprintable())

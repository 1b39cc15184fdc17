"""How numbers and sentences are written: the same in claims, on pages, and on their cards."""

from __future__ import annotations

import re

_SCALES = ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"))


def written(number: float, format: str | None) -> str:
    """Write a number in Python's format language, or as it is said: ``words``.

    Without a format, it has four significant digits, and a whole number all of them.

    >>> written(0.99838, ".1%"), written(0.99838, None), written(-1200, None)
    ('99.8%', '0.9984', '−1200')
    >>> written(15470264320, "words")
    '15.5 billion'
    """
    if format == "words":
        return in_words(number)
    if format is None:
        format = "d" if isinstance(number, int) else ".4g"
    return number.__format__(format).replace("-", "−")


def in_words(number: float) -> str:
    """Write a large number as one says it: three significant digits, and the word for the rest.

    >>> in_words(102760448), in_words(738112241664), in_words(262144)
    ('103 million', '738 billion', '262,000')
    """
    rounded = float(f"{number:.3g}")
    size, name = next(((size, name) for size, name in _SCALES if rounded >= size), (1, ""))
    return f"{rounded / size:,.12g}{name}"


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("Of 0.5 pixels. Why? So it is.")
    ['Of 0.5 pixels.', 'Why?', 'So it is.']
    """
    return re.split(r"(?<=[.?!])\s+(?=\S)", text.strip())

"""How numbers and sentences are written: the same in claims, figures, on pages and cards."""

from __future__ import annotations

import re

_SCALES = ((10**12, " trillion"), (10**9, " billion"), (10**6, " million"))
_ORDINALS = {2: "second", 3: "third", 4: "fourth", 8: "eighth"}
_LEAST = 1e-4  # less is no number to be read


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


def in_digits(number: float, format: str) -> str:
    """Write a number of a figure in Python's format language, but no 0 for what is none.

    What would be rounded to 0 has one digit that is not; a machine's zero has no sign.

    >>> in_digits(-9, "d"), in_digits(0.00026, ".2f"), in_digits(0.0004, ".1%")
    ('−9', '0.0003', '0.04%')
    >>> in_digits(-1e-16, ".1%")
    '0.0%'
    """
    text = written(number, format)
    if re.search("[1-9]", text):
        return text
    sign, unit = ("−" if number < 0 else ""), ("%" if "%" in format else "")
    size = abs(number) * (100 if unit else 1)
    return f"{sign}{size:.1g}{unit}" if size >= _LEAST else text.replace("−", "")


def percent(share: float) -> str:
    """Write a share that somebody has set, with the digits that it has.

    >>> percent(0.05), percent(0.125), percent(1e-6)
    ('5%', '12.5%', '0.0001%')
    """
    return f"{100 * share:.4g}%"


def how_many(number: float, thing: str) -> str:
    """Say how many things there are.

    >>> how_many(1, "vote"), how_many(4, "vote"), how_many(1.5, "pixel")
    ('one vote', '4 votes', '1.5 pixels')
    """
    return f"one {thing}" if number == 1 else f"{number:,.12g} {thing}s"


def every(stride: int) -> str:
    """Say which values are kept of a row.

    >>> every(1), every(2)
    ('every value', 'every second value')
    """
    return f"every {_ORDINALS[stride]} value" if stride > 1 else "every value"


def sentences(text: str) -> list[str]:
    """The sentences of a text.

    >>> sentences("Of 0.5 pixels. Why? So it is.")
    ['Of 0.5 pixels.', 'Why?', 'So it is.']
    """
    return re.split(r"(?<=[.?!])\s+(?=\S)", text.strip())

"""Reading captions and alternative texts as a teacher would: what is wrong whatever they show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

_SCALES = {"million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALE = "|".join(_SCALES)
# A number, which is the whole of what stands there: no part of a longer one.
_END = r"(?!\w|%|[.,]\d)"
_N = rf"(?<![\w.,])(?:−?\d+(?:,\d\d\d)*(?:\.\d+)?%?(?: (?:{_SCALE}))?){_END}"
_ZERO = rf"(?<![\d.,])0(?:\.0+)?%?{_END}"
_SMALL = "and|or|as|is|of|by|in|to|at|on|for|if|with|without|when|where|times|has|was|does|this"
_WORD = rf"(?!(?:{_SMALL})\b)"
_MORE = "more|less|fewer|better|worse|larger|smaller|higher|lower"

# What no text has, by what is wrong with it.
_NEVER = {
    "one of a plural": rf"(?<![\d.,])(?<!layer )\b1 (?:{_WORD}\w+ )?{_WORD}[a-z]+s\b",
    "one of one": rf"\b(?:1|one) of (?:1|one){_END}",
    "from a number to itself": rf"\bfrom ({_N})[^.;\d]{{0,25}} to \1{_END}",
    "compared with itself": rf"({_N})[^.;\d]{{0,20}}(?:against|instead of|than|but only) \1{_END}",
    "both of two, said twice": rf"\bboth (?:\w+ )?({_N}) and \1{_END}",
    "the same again": rf"({_N}) for ({_N})(?: and \1 for \2|; for \2){_END}",
    "a difference that is none": rf"{_ZERO} (?:points )?(?:of them )?(?:{_MORE})\b",
    "differing by nothing": rf"\bdiffers? by (?:less than )?{_ZERO}",
    "at most nothing": rf"\bat most 0{_END}",
    "a hyphen for a minus": r"(?<![\w-])-\d",
    "a signed zero": rf"[−-]0(?:\.0+)?%?{_END}",
    "a machine's notation": r"\d[eE][+−-]?\d|\binf\b|\bnan\b|[{}]",
    "a gap": r"  | [,.;:)](?![.\d])|\( |\(\)|,,|;;|(?<!\.)\.\.(?!\.)",
    "more digits than one says": rf"\d,\d\d\d(?:\.\d+)? (?:{_SCALE})|\b0\.\d+ (?:{_SCALE})"
    r"|\.\d{5,}|\d,\d\d\d\.\d",
    "thousands in one piece": r"(?<![\d.,-])(?<!× )\b\d{4,}\b(?! ×|-\d)",
}

# Two numbers that stand in an order, by the words between which they stand.
_FALLS = r"\b(?:falls?|falling|shrinks?|sinks?|drops?)\b"
_RISES = r"\b(?:rises?|rising|grows?|growing|climbs?)\b"
_FROM_TO = rf"[^.;\d]{{0,40}}\bfrom ({_N})[^.;\d]{{0,25}} to ({_N})"
_FALLING = (
    _FALLS + _FROM_TO,
    rf"({_N}) falls to ({_N})",
    rf"({_N})(?: is)? (?:more|larger|higher) than ({_N})",
)
_RISING = (
    _RISES + _FROM_TO,
    rf"({_N}) rises to ({_N})",
    rf"({_N})(?: is)? (?:less|fewer|smaller|lower) than ({_N})",
    rf"\bbetween ({_N}) and ({_N})",
)


def faults(text: str) -> list[str]:
    """What is wrong with a text, each with the words that are."""
    return [*_forbidden(text), *_contradicted(text)]


def _forbidden(text: str) -> Iterator[str]:
    for what, pattern in _NEVER.items():
        for found in re.finditer(pattern, text):
            yield f"{what}: {found[0]!r}"


def _contradicted(text: str) -> Iterator[str]:
    falling = (found for pattern in _FALLING for found in re.finditer(pattern, text, re.I))
    rising = (found for pattern in _RISING for found in re.finditer(pattern, text, re.I))
    orders = chain(((-1, found) for found in falling), ((1, found) for found in rising))
    for sign, found in orders:
        first, second = map(_number, found.groups())
        if sign * (second - first) <= 0:
            yield f"not so: {found[0]!r}"


def _number(text: str) -> float:
    digits, _, scale = text.partition(" ")
    bare = digits.replace(",", "").replace("%", "").replace("−", "-")
    return float(bare) * _SCALES.get(scale, 1)

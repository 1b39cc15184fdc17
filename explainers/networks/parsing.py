"""A TOML, JSON or YAML file as plain data: strictly, in bounded time and memory, whatever it is."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import yaml

from explainers.checks import shown
from explainers.networks.layers import LayerError

_MOST_BYTES = {".toml": 2_000_000, ".json": 2_000_000, ".yaml": 50_000, ".yml": 50_000}
_MOST_DOTS = 500
_MOST_SQUARES = 100 * _MOST_DOTS**2


def parsed(path: Path) -> Any:
    """Return what a file says.

    Parameters
    ----------
    path
        A file in UTF-8 that ends in .toml or .json, of at most 2,000,000 bytes, or in .yaml or
        .yml, of at most 50,000, for it takes longer to read.

    Raises
    ------
    LayerError
        If the file is not there or is not such a file; if it gives a key twice; if YAML has tags or
        aliases, or writes a whole number in a way that not all read alike, such as 011.
    """
    parse = _PARSERS.get(path.suffix)
    if parse is None:
        raise LayerError(f"the file must end in {', '.join(_PARSERS)}")
    try:
        return parse(_text(path))
    except OSError as error:
        raise LayerError((error.strerror or str(error)).lower()) from error
    except RecursionError as error:
        raise LayerError("lists and tables must be nested less deeply") from error
    except (ValueError, yaml.YAMLError) as error:
        raise LayerError(_short(str(error))) from error


def _text(path: Path) -> str:
    with path.open("rb") as file:
        most = _MOST_BYTES[path.suffix]
        content = file.read(most + 1)
    if len(content) > most:
        raise LayerError(f"the file must be of at most {most:,} bytes")
    return content.decode("utf-8-sig")


def _short(message: str) -> str:
    """Return the message on one line that can be printed, without its middle if it is long."""
    line = " ".join(message.split())
    line = "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line
    )
    return line if len(line) <= 200 else f"{line[:120]} ... {line[-75:]}"


def _toml(text: str) -> Any:
    # The library's time grows with the square of a dotted key's parts.
    squares = 0
    for number, line in enumerate(text.splitlines(), start=1):
        squares += line.count(".") ** 2
        if line.count(".") > _MOST_DOTS or squares > _MOST_SQUARES:
            raise LayerError(
                f"line {number} must have at most {_MOST_DOTS} dots, and few have many"
            )
    return tomllib.loads(text)


def _json(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_table, parse_constant=_refuse_constant)


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key that is given twice: the last would win in silence."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            raise LayerError(f"{shown(key)} must be there once; got {times}")
    return dict(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise LayerError(f"there must be no {name}")


def _yaml(text: str) -> Any:
    return yaml.load(text, _StrictLoader)


class _StrictLoader(yaml.SafeLoader):  # type: ignore[misc]  # the library has no types
    """YAML without what would be read in silence otherwise than it was meant."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Refuse tags, and aliases: with them a short file can stand for an endless one."""
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            raise LayerError(f"{_line(event)}: there must be no alias; got *{event.anchor}")
        if event.tag is not None:
            raise LayerError(f"{_line(event)}: there must be no tag; got {shown(event.tag)}")
        return super().compose_node(parent, index)

    def compose_mapping_node(self, anchor: str | None) -> yaml.MappingNode:
        """Refuse a key that is given twice, or comes by a merge: one would win in silence."""
        node = super().compose_mapping_node(anchor)
        keys = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
        if "<<" in keys:
            raise LayerError(f"{_line(node)}: there must be no merge; got '<<'")
        for key, times in keys.items():
            if times > 1:
                raise LayerError(f"{_line(node)}: {shown(key)} must be there once; got {times}")
        return node

    def construct_whole(self, node: yaml.ScalarNode) -> int:
        """Refuse 011, which is 9 in YAML 1.1 and 11 since, and 1:30, which is 90 and a text."""
        text = self.construct_scalar(node)
        try:
            return int(text, 0)
        except ValueError:
            raise LayerError(
                f"{_line(node)}: a whole number must have no leading zero, no colon and few "
                f"digits; got {shown(text)}"
            ) from None


def _line(part: yaml.Node | yaml.Event) -> str:
    return f"line {part.start_mark.line + 1}"


_StrictLoader.add_constructor("tag:yaml.org,2002:int", _StrictLoader.construct_whole)

_PARSERS: dict[str, Callable[[str], Any]] = {
    ".toml": _toml,
    ".json": _json,
    ".yaml": _yaml,
    ".yml": _yaml,
}

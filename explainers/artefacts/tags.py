"""The tags of a page that the build itself reads: which figure and which numbers it shows first."""

from __future__ import annotations

import re

FIGURE = re.compile(r"^\{\{\s*figure (?P<figure>[a-z0-9-]+)\s*\}\}$", re.MULTILINE)
SAYS = re.compile(r"\{\{\s*says (?P<claim>[a-z0-9-]+)(?: long)?\s*\}\}")
VALUE = re.compile(r"\{\{\s*(?P<claim>[a-z0-9-]+)\.(?P<value>\w+)(?::(?P<format>[^\s}]+))?\s*\}\}")

"""The texts of the pages that the package writes, as templates that need no Python to edit.

``<< name >>`` places a value, ``<% … %>`` is a statement; a page's own ``{{ tags }}`` pass as they
are. What comes from a record is words, and stays words: a filter says how it is placed.

===========  ==================================================================================
``words``    plain words: no sign in them is markup, a tag, or the end of a table's cell
``marked``   words that may have *emphasis*
``quoted``   a text in the front matter
===========  ==================================================================================
"""

from __future__ import annotations

import html
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_MARKUP = re.compile(r"[<>&|{}\[\]\\`$_~^]|(?<=^)[#+=-]|(?<=^\d)\.(?=\s)")


def render(name: str, **what: Any) -> str:
    """The text of a page."""
    return _environment().get_template(name).render(**what)


def marked(text: str) -> str:
    """Words that may have emphasis; nothing else in them is markup.

    >>> marked("the *max* of {{ x }} | <b>")
    'the *max* of &#123;&#123; x &#125;&#125; &#124; &#60;b&#62;'
    """
    return _MARKUP.sub(lambda sign: f"&#{ord(sign[0])};", " ".join(text.split()))


def words(text: str) -> str:
    """Plain words: nothing in them is markup.

    >>> words("2 * 3"), words("Does it rise?")
    ('2 &#42; 3', 'Does it rise?')
    """
    return marked(text).replace("*", "&#42;")


def quoted(text: str) -> str:
    """Plain words in a page's front matter, which the theme puts into HTML as they are there.

    >>> quoted('Is a < b "so"?')
    '"Is a &lt; b &quot;so&quot;?"'
    """
    return json.dumps(html.escape(" ".join(text.split())), ensure_ascii=False)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent, encoding="utf-8"),
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # pages are Markdown: the filters above say what is words
    )
    made.filters |= {"words": words, "marked": marked, "quoted": quoted}
    return made

"""A claim as files: its record and its page."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import textwrap
from pathlib import Path
from typing import Any

from explainers.artefacts.store import Files
from explainers.records import Chapter, Claim, Values, fill
from explainers.sources import SOURCES, THREAD


def make(chapter: Chapter, name: str, root: Path) -> Files:
    """Compute the claim's values and write its page."""
    claim = chapter.claim(name)
    values = claim.computed()
    record = as_record(chapter, claim, values)
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    return {
        f"claims/{name}/claim.json": text.encode(),
        f"claims/{name}.md": page(chapter, claim, values, root).encode(),
    }


def as_record(chapter: Chapter, claim: Claim, values: Values) -> dict[str, Any]:
    """The claim as it stands in claims.json."""
    return {
        "id": claim.id,
        "chapter": chapter.id,
        "question": claim.question,
        "examines": claim.examines,
        "verdict": str(claim.verdict),
        "condition": fill(claim.condition, values),
        "statement": fill(claim.statement, values),
        "template": claim.statement,
        "values": {
            name: {"value": value.value, "unit": value.unit, "meaning": value.meaning}
            for name, value in values.items()
        },
        "figure": claim.figure,
        "url": f"claims/{claim.id}/",
        "code": claim.code,
        "test": claim.test,
        "sources": [
            {"reference": SOURCES[key].reference, "url": SOURCES[key].url} for key in claim.sources
        ],
    }


def page(chapter: Chapter, claim: Claim, values: Values, root: Path) -> str:
    """The Markdown page of a claim."""
    rows = "\n".join(
        f"| `{name}` | {{{{ {claim.id}.{name} }}}} | {value.unit} | {value.meaning} |"
        for name, value in values.items()
    )
    sources = "\n".join(
        f"- {{{{ cite {key} }}}}: {SOURCES[key].reference}" for key in claim.sources
    )
    return f"""---
title: {json.dumps(claim.question, ensure_ascii=False)}
description: {json.dumps(fill(claim.statement, values), ensure_ascii=False)}
---

# {claim.question}

{{{{ claim {claim.id} }}}}

Examined: {_examined(claim)} From the chapter [{chapter.title}](../{chapter.id}.md).

{{{{ figure {claim.figure} }}}}

## The numbers {{#numbers}}

| name | value | unit | meaning |
|---|---:|---|---|
{rows}

## How it is computed {{#code}}

`{claim.code}`

```python
{source_of(claim.code)}```

## How it is checked {{#test}}

`{claim.test}`

```python
{source_of_test(root, claim.test)}```

{"## Sources {#sources}" if sources else ""}

{sources}
"""


def _examined(claim: Claim) -> str:
    if claim.examines in THREAD:
        return f"{{{{ cite thread }}}}, {claim.examines}: “{THREAD[claim.examines]}”"
    return f"{{{{ cite {claim.examines} }}}}."


def source_of(dotted: str) -> str:
    """The source text of a function, by its dotted name."""
    module, _, name = dotted.rpartition(".")
    return textwrap.dedent(inspect.getsource(getattr(importlib.import_module(module), name)))


def source_of_test(root: Path, test: str) -> str:
    """The source text of a test, by its ``path::function``; it must be there."""
    path, _, name = test.partition("::")
    lines = (root / path).read_text(encoding="utf-8")
    for node in ast.parse(lines).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            return "\n".join(lines.splitlines()[first - 1 : node.end_lineno]) + "\n"
    raise LookupError(f"there is no test {test}")

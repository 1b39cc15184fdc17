"""A claim as files: its record and its page."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
import textwrap
from pathlib import Path
from typing import Any

from explainers.artefacts import templates
from explainers.artefacts.job import Files, Job
from explainers.records import Chapter, Claim, Values, fill
from explainers.sources import THREAD, source


def make(job: Job) -> Files:
    """Compute the claim's values and write its page."""
    chapter, name = job.chapter, job.name
    claim = chapter.claim(name)
    values = claim.computed()
    record = as_record(chapter, claim, values)
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    return {
        f"claims/{name}/claim.json": text.encode(),
        f"claims/{name}.md": page(chapter, claim, values, job.root).encode(),
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
        "answer": fill(claim.answer, values),
        "formula": claim.formula,
        "snippet": chapter.snippet(claim.id),
        "package": needs_package(chapter.snippet(claim.id)),
        "prints": list(claim.prints),
        "within": claim.within,
        "values": {
            name: {"value": value.value, "unit": value.unit, "meaning": value.meaning}
            for name, value in values.items()
        },
        "figure": claim.figure,
        "url": f"claims/{claim.id}/",
        "code": claim.code,
        "test": claim.test,
        "sources": [
            {
                "key": key,
                "reference": source(key).reference,
                "url": source(key).url,
                "doi": source(key).doi,
            }
            for key in claim.sources
        ],
    }


def page(chapter: Chapter, claim: Claim, values: Values, root: Path) -> str:
    """The Markdown page of a claim."""
    snippet = chapter.snippet(claim.id)
    return templates.render(
        "claim.md",
        chapter=chapter,
        claim=claim,
        values=values,
        answer=fill(claim.answer, values),
        examined=_examined(claim),
        snippet=snippet,
        package=needs_package(snippet),
        printed=_printed(claim),
        code=source_of(claim.code),
        test=source_of_test(root, claim.test),
        sources={key: source(key) for key in claim.sources},
    )


def _printed(claim: Claim) -> str:
    """What the snippet prints, and how near a simulation comes."""
    numbers = " and ".join(f"{{{{ {claim.id}.{name} }}}}" for name in claim.prints)
    near = f"It simulates, and comes within {claim.within:g} of" if claim.within else "It prints"
    return f"{near} {numbers.replace(' and ', ', ', len(claim.prints) - 2)}."


def needs_package(snippet: str) -> bool:
    """Whether a snippet imports this package.

    >>> needs_package("from explainers.flower import photograph")
    True
    """
    return re.search(r"^\s*(from|import) explainers\b", snippet, re.MULTILINE) is not None


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

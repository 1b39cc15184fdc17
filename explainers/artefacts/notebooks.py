"""A chapter's companion notebook, executed.

It is kept as a plain Python file in percent format, and runs in a fresh kernel; an error in a cell
is an error of the build.
"""

from __future__ import annotations

import os
import tempfile
from typing import Any

from explainers.artefacts.job import Files, Job


def make(job: Job) -> Files:
    """Execute the notebook and return it as .ipynb."""
    import jupytext
    import nbformat

    notebook = jupytext.read(job.root / "docs" / "notebooks" / f"{job.name}.py")
    _name_cells(notebook)
    _execute(notebook)
    _forget_the_machine(notebook)
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return {f"notebooks/{job.name}.ipynb": text.encode()}


def _name_cells(notebook: Any) -> None:
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"


def _execute(notebook: Any) -> None:
    from nbclient import NotebookClient

    # A kernel in an empty folder: a notebook must not find files that its reader does not have.
    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            notebook,
            timeout=300,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,  # how a text is cut into messages is chance
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
            resources={"metadata": {"path": folder}},
        )
        client.execute(
            env=os.environ | {"IPYTHONDIR": folder, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        )


def _forget_the_machine(notebook: Any) -> None:
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }

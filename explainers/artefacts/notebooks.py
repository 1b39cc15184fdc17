"""A chapter's companion notebook, executed.

It is kept as a plain Python file in percent format, and runs in a fresh kernel of the interpreter
that builds; an error in a cell is an error of the build.
"""

from __future__ import annotations

import os
import sys
import tempfile
from typing import Any

from explainers.artefacts.job import Files, Job

_TRIES = 3


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
    """Run all cells; a kernel that does not come up is started again.

    Kernels choose their ports before they open them: another program may be quicker.
    """
    for attempt in range(_TRIES):
        # In an empty folder: a notebook must not find files that its reader does not have.
        with tempfile.TemporaryDirectory() as folder:
            try:
                _client(notebook, folder).execute(env=os.environ | {"IPYTHONDIR": folder})
                return
            except RuntimeError:
                if _begun(notebook) or attempt == _TRIES - 1:
                    raise


def _client(notebook: Any, folder: str) -> Any:
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    class ThisInterpreter(AsyncKernelManager):
        """Knows one kernel: that of the interpreter that builds, whatever is installed."""

        @property
        def kernel_spec(self) -> KernelSpec:
            command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            return KernelSpec(argv=command, display_name="Python 3", language="python")

    return NotebookClient(
        notebook,
        kernel_manager_class=ThisInterpreter,
        timeout=300,
        record_timing=False,
        coalesce_streams=True,  # how a text is cut into messages is chance
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": folder}},
    )


def _begun(notebook: Any) -> bool:
    return any(cell.get("execution_count") for cell in notebook.cells)


def _forget_the_machine(notebook: Any) -> None:
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }

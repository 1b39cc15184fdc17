"""A chapter's companion notebook, executed.

It is kept as a plain Python file in percent format. Its cells run as in a notebook, but without a
kernel that would have to be reached through a port: in a process of their own, which begins with
all that is imported already. An error in a cell is an error of the build.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from multiprocessing.connection import Connection
from typing import Any

from explainers import citing
from explainers.artefacts.job import Files, Job
from explainers.edition import Edition
from explainers.errors import BuildError


def make(job: Job) -> Files:
    """Execute the notebook and return it as .ipynb."""
    import jupytext
    import nbformat

    notebook = jupytext.read(job.root / "docs" / "notebooks" / f"{job.name}.py")
    for number, cell in enumerate(notebook.cells, start=1):
        cell["id"] = f"cell-{number}"
    _execute([cell for cell in notebook.cells if cell.cell_type == "code"])
    notebook.cells.insert(1, _installing(job.edition))
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    text: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return {f"notebooks/{job.name}.ipynb": text.encode()}


def _installing(edition: Edition) -> Any:
    """A cell that gets the package, of this very edition; it has not run here."""
    from nbformat import v4

    new_cell: Any = v4.new_code_cell
    said = "# Run this first where the package is not installed, as in Colab.\n"
    return new_cell(said + f"%{citing.install(edition)}", id="install")


def _execute(cells: list[Any]) -> None:
    """Run the cells, and give each its outputs; what they do to their process goes with it."""
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_run, args=([cell.source for cell in cells], theirs)
    )
    process.start()
    theirs.close()
    for number, cell in enumerate(cells, start=1):
        try:
            succeeded, outputs = ours.recv()
        except EOFError:
            process.join()
            raise BuildError(f"code cell {number}: its process died ({process.exitcode})") from None
        if not succeeded:
            raise BuildError(f"code cell {number}: {outputs}")
        cell.execution_count, cell.outputs = number, outputs
    process.join()


def _run(sources: list[str], pipe: Connection) -> None:
    """In a process of their own: run cells, and send the outputs of each."""
    # In an empty folder: a notebook must not find files that its reader does not have.
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["IPYTHONDIR"] = folder
        shell = _shell()
        for source in sources:
            pipe.send(_outputs(shell, source))


def _shell() -> Any:
    """What runs cells, quietly: the value of a cell is noted, where IPython would print it."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Noted(DisplayHook):
        value: tuple[Any, Any] | None = None

        def write_output_prompt(self) -> None:
            pass

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            self.value = format_dict, md_dict or {}

        def finish_displayhook(self) -> None:
            self._is_active = False

    class Shell(InteractiveShell):
        displayhook_class = Noted

    return Shell.instance(config=Config(HistoryManager={"enabled": False}))


def _outputs(shell: Any, source: str) -> tuple[bool, Any]:
    """What a cell prints, shows and returns, as a notebook has it; or its error."""
    from IPython.utils.capture import capture_output
    from nbformat import v4

    new_output: Any = v4.new_output

    number, shell.displayhook.value = shell.execution_count, None
    with capture_output() as captured:
        result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    if error is not None:
        return False, f"{type(error).__name__}: {error}"
    outputs = [new_output("display_data", data=o.data) for o in captured.outputs]
    if captured.stdout:
        outputs.insert(0, new_output("stream", name="stdout", text=captured.stdout))
    if shell.displayhook.value is not None:
        data, metadata = shell.displayhook.value
        value = {"data": data, "metadata": metadata, "execution_count": number}
        outputs.append(new_output("execute_result", **value))
    return True, outputs

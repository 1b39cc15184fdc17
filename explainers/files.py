"""Files of ours: written whole or not at all, read as what they are, and removed."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any


def write(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Write a file, all or nothing."""
    new = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, new = tempfile.mkstemp(prefix=".new-", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(new, mode)
        os.replace(new, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(new)
        if isinstance(error, OSError):
            raise OSError(error.errno, error.strerror, str(path)) from None
        raise


def read_json(path: Path, default: dict[str, Any]) -> dict[str, Any]:
    """Read an object from a JSON file of ours; a missing or damaged one was never written."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return default
    return content if isinstance(content, dict) else default


def remove(path: Path) -> None:
    """Remove a file, a link or a folder, if it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

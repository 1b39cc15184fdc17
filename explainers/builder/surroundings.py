"""Where the work is done: the same surroundings on every machine.

What a user's machine happens to have (settings of Matplotlib, IPython, Jupyter or git, language,
time zone, a repository's variables) reaches no artefact: workers get an environment made here.
"""

from __future__ import annotations

import calendar
import os
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

# What the machine needs to run Python at all, and what the site is told on purpose.
_KEPT = (
    "PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "SYSTEMROOT",
    "OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE",
    "SITE_URL", "REPO_URL", "WHY_POOLING_RELEASE",
)  # fmt: skip

_FIXED = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    # One thread is faster than two for arrays this small, and gives the same bytes everywhere.
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    "MPL_IGNORE_SYSTEM_FONTS": "1",
    "NO_MKDOCS_2_WARNING": "1",
    "JUPYTER_PLATFORM_DIRS": "1",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


def environment(home: Path, today: date) -> dict[str, str]:
    """The environment of a worker: `home` stands for the user's folder, `today` for the time."""
    epoch = calendar.timegm(today.timetuple())
    passing = home / "tmp"  # what a worker that was killed left there goes with the next build
    shutil.rmtree(passing, ignore_errors=True)
    passing.mkdir(parents=True)
    return (
        {name: value for name, value in os.environ.items() if name in _KEPT}
        | _FIXED
        | {"HOME": str(home), "TMPDIR": str(passing), "SOURCE_DATE_EPOCH": str(epoch)}
    )


def addressed(given: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the site is told of itself: where it is published, and whether it is a release."""
    names = ("SITE_URL", "REPO_URL", "WHY_POOLING_RELEASE")
    return {name: given.get(name, "") for name in names}

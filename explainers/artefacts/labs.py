"""What the labs' pages are given: one file for each lab, named by its page, and weights."""

from __future__ import annotations

import json

from explainers.artefacts.job import Files, Job
from explainers.labs import LABS, digit


def make(job: Job) -> Files:
    """The data and the first frame of each lab, and the script that one loads when asked to."""
    looks = {
        f"labs/{page}.json": (json.dumps(look(), ensure_ascii=False) + "\n").encode()
        for page, look in LABS.items()
    }
    return {**looks, "labs/digit-weights.js": digit.weights().encode()}

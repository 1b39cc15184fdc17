"""``python -m explainers`` is the command ``explainers``."""

from explainers.cli import main

main()

"""``python -m explainers`` is the command ``explainers``."""

from explainers.cli import main

if __name__ == "__main__":
    main()

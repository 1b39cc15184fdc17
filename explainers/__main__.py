"""``python -m explainers`` is the command ``explainers``."""

import sys


def main() -> None:
    """Run the command; an interrupt while it is still being loaded is one line too."""
    try:
        from explainers import cli
    except KeyboardInterrupt:
        sys.stderr.write("explainers: interrupted\n")
        sys.exit(130)
    cli.main()


if __name__ == "__main__":
    main()

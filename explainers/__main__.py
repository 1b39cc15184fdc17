"""``python -m explainers`` is the command ``explainers``."""

import sys


def main() -> None:
    """Run the command; what goes wrong while it is still being loaded is one line too."""
    try:
        from explainers import cli
    except KeyboardInterrupt:
        sys.stderr.write("explainers: interrupted\n")
        sys.exit(130)
    except Exception as error:  # a slip in the catalogue, for instance, which people edit
        from explainers.builder.workers import described
        from explainers.errors import one_line

        sys.stderr.write(f"explainers: {one_line(described(error))}\n")
        sys.exit(1)
    cli.main()


if __name__ == "__main__":
    main()

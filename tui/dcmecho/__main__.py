"""``python -m dcmecho`` and the ``dcmecho`` command."""

from __future__ import annotations

import sys

from dcmecho import garbage


def main() -> int:
    """Run the command line and return the exit code."""
    garbage.collect_rarely()
    try:
        from dcmecho.cli.main import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        garbage.skip_at_exit()


if __name__ == "__main__":
    sys.exit(main())

"""``python -m dcmecho`` and the ``dcmecho`` command."""

from __future__ import annotations

import signal

_HANDLER = signal.getsignal(signal.SIGINT)

if _HANDLER is signal.default_int_handler:
    # First of all: Python would show where in an import Ctrl-C came.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import sys  # noqa: E402

from dcmecho import garbage  # noqa: E402


def main() -> int:
    """Run the command line and return the exit code."""
    garbage.collect_rarely()
    try:
        from dcmecho.cli.main import run

        signal.signal(signal.SIGINT, _HANDLER)
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130
    finally:
        garbage.skip_at_exit()


if __name__ == "__main__":
    sys.exit(main())

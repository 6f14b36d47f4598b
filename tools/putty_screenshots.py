"""Makes the pictures of the console in PuTTY's terminal: ``python -m tools.putty_screenshots``.

They need Xvfb, pterm, xdotool and ImageMagick (Debian packages xvfb, pterm, xdotool, imagemagick),
and show PuTTY's defaults: TERM=xterm, 16 colors, 80 x 24.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.console.terminal.on_a_terminal import DEMO  # noqa: E402
from tests.console.terminal.programs.windows import Display, Window, window  # noqa: E402

PICTURES = ROOT / "screenshots"
_SETTLED_S = 1.5
WALK = {
    "putty-rejected": ("j", "j", "j", "j", "Return"),
    "putty-edit": ("e", "End"),
    "putty-help": ("Escape", "question"),
}


def main() -> None:
    """Open the practice peers, and take a picture after each part of the walk."""
    with tempfile.TemporaryDirectory() as folder, Display.running() as display:
        profiles = Path(folder) / "profiles.toml"
        with window(display, ("pterm", "-geometry", "80x24"), profiles, DEMO) as shown:
            for name, keys in WALK.items():
                shown.press(*keys)
                _take(shown, PICTURES / f"{name}.png")


def _take(shown: Window, path: Path) -> None:
    """Take pictures until nothing changes any more."""
    before = b""
    while True:
        time.sleep(_SETTLED_S)
        shown.picture(path)
        if path.read_bytes() == before:
            return
        before = path.read_bytes()


if __name__ == "__main__":
    main()

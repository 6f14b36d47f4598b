"""Files to edit, as people write them, and a target to add."""

from collections.abc import Mapping
from pathlib import Path

from dcmecho.diagnosis.target.fields import Field, Value

PLAIN = """\
# Imaging network. Ask IT before you change an address.

[defaults]
calling_ae = "MY_WORKSTATION"   # ours

# Main archive
[[target]]
name = "Main PACS"
host = 'pacs.lan'               # the cluster address
port =   0x68  # 104
called_ae = "MAIN"
# calling_ae = "OLD"

[group.Radiology]               # stands between two targets
connect_timeout_s = 5

# The scanner, call Jim
[[target]]
name = "CT 2"
host = "ct2.lan"
port = 104

called_ae = "CT2"
notes = \"\"\"
first line
[[target]]\"\"\"
[target.tls]
ca_file = "ca.pem"

# tail
"""

INDENTED = """\
[[target]]
  name="Main PACS"
  host="pacs.lan"
  port=104
  called_ae="MAIN"
[[target]]
  name="CT 2"
  host="ct2.lan"
  port=104
  called_ae="CT2"
"""

ALIGNED = (
    """\
[[target]]
name      = "Main PACS"
host      = "pacs.lan"
port      = 104
called_ae = "MAIN"

[[target]]
name      = "CT 2"
host      = "ct2.lan"
port      = 104
called_ae = "CT2\""""
    + " # no line end"
)

FILES = {
    "plain": PLAIN,
    "windows": PLAIN.replace("\n", "\r\n"),
    "byte-order-mark": "\ufeff" + PLAIN,
    "indented": INDENTED,
    "aligned": ALIGNED,
}

NEW: Mapping[Field, Value] = {
    Field.NAME: "Echo cart",
    Field.HOST: "192.0.2.33",
    Field.PORT: 104,
    Field.CALLED_AE: "ECHO",
}


def written(folder: Path, text: str) -> Path:
    path = folder / "profiles.toml"
    path.write_bytes(text.encode())
    return path


def text_of(path: Path) -> str:
    return path.read_bytes().decode()

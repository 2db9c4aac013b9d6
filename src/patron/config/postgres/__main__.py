"""`python -m patron.config.postgres run DIR COMMAND…`: a throwaway PostgreSQL around a command; `… discard DIR` deletes it.

The command gets DATABASE_URL. Used by tools/test.sh and `make clean`; real data is never made or deleted here.
"""

import os
import subprocess
import sys
from pathlib import Path

from patron.config import embedded
from patron.config.postgres import DatabaseTrouble

_USAGE = 2


def main(arguments: list[str]) -> int:
    """Exit code of the command; 1 when the database does not start; 2 for wrong arguments."""
    try:
        match arguments:
            case ["run", directory, *command] if command:
                with embedded.session(Path(directory), throwaway=True) as url:
                    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode
            case ["discard", directory]:
                embedded.discard(Path(directory))
                return 0
    except DatabaseTrouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(__doc__, file=sys.stderr)
    return _USAGE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

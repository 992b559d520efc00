"""`python -m sync`: the command line without its installed script, so that a moved environment still runs it."""

import sys

from sync.cli import main

if __name__ == "__main__":
    sys.exit(main())

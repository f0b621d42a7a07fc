"""``python -m gatlingpy``."""

import sys

from gatlingpy.cli.main import main

if __name__ == "__main__":
    sys.exit(main())

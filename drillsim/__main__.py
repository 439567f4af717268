"""``python -m drillsim`` does what the command ``drillsim`` does."""

import sys

from drillsim.cli import main

if __name__ == "__main__":  # worker processes import this module anew
    sys.exit(main())

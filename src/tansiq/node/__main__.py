"""``python -m tansiq.node`` is the command line."""

import sys

from tansiq.node.cli import main

sys.exit(main())

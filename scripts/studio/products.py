"""All pictures, by the order in which they are needed: products first, then scenes of many."""

import desk  # noqa: F401
import home  # noqa: F401
import kitchen  # noqa: F401
import light  # noqa: F401
import table  # noqa: F401
import textiles  # noqa: F401
from shelf import PICTURES  # noqa: F401

"""All pictures: importing a file of scenes puts them on the shelf."""

import desk  # noqa: F401
import home  # noqa: F401
import kitchen  # noqa: F401
import light  # noqa: F401
import scenes  # noqa: F401
import table  # noqa: F401
import textiles  # noqa: F401
from shelf import PICTURES  # noqa: F401

"""How two labels of a column compare.

Belongs here: what does not count in a label. Does not belong here: which labels exist (source YAML)
and where they stand in a file (header.py).
"""

import re
import unicodedata

REQUIRED_MARK = re.compile(r"\((必填|required)\)$")


def normal_label(label: str) -> str:
    """Fold width, case, spaces, stray quotes and the mark of a required field out of a label."""
    text = unicodedata.normalize("NFKC", label)
    # Byte order marks and zero-width spaces: nobody sees them, so nobody can have meant them.
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = text.strip().strip("'\"").strip().casefold()
    return re.sub(r"[\s_]+", " ", REQUIRED_MARK.sub("", text)).strip()

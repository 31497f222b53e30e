"""WeCom (企业微信): what all of its API responses have in common.

Belongs here: the envelope of a response, ids, seconds since 1970, and writing responses to disk.
Does not belong here: what any one of the interfaces answers.
"""

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from orchestration.sample.names import STAFF

SYSTEM = "wecom"

# Accounts of the staff, in the order of their names.
STAFF_IDS = ("ChenXiaoDong", "LiuJia", "SunZhiQiang", "ZhouMin")
# Somebody who has left, and whose customers nobody has taken over yet.
LEAVER_ID = "HeLiPing"
DEPARTMENT = "零售事业部"

# Ids are a kind (wo, wm, wr, et), ten signs of the corporation and twenty of their own.
_CORPORATION = "Qd4mCgAAAB"
_OWN_BYTES = 15

Document = dict[str, Any]


def staff_name(staff: int) -> str:
    """Return the name that the admin console shows for one of `STAFF_IDS`."""
    return STAFF[staff]


def opaque_id(kind: str, seed: int, number: int) -> str:
    """Return an id of 32 signs; kind, seed and number decide it."""
    own = hashlib.blake2b(f"{kind}:{seed}:{number}".encode(), digest_size=_OWN_BYTES).digest()
    return f"{kind}{_CORPORATION}{base64.urlsafe_b64encode(own).decode()}"


def seconds(moment: datetime.datetime, zone: ZoneInfo) -> int:
    """Return seconds since 1970 of a local moment."""
    return int(moment.replace(tzinfo=zone).timestamp())


def answer(**body: object) -> Document:
    """Return a response that reports success."""
    return {"errcode": 0, "errmsg": "ok", **body}


def write_documents(path: Path, documents: Iterable[Document]) -> None:
    """Write one document per line; a single one is a plain JSON file."""
    lines = (json.dumps(document, ensure_ascii=False) for document in documents)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")

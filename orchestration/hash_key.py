"""The installation's key for published ids.

Belongs here: making, reading and checking the key. Does not belong here: how it reaches SQL
(dbt_session.py) and what is hashed with it (the `keyed_hash` macro).
The key lives beside landing, because whoever reads landing reads the raw data anyway, and because
landing must be enough to replay every night with the same ids.
"""

import hashlib
import os
import secrets
from pathlib import Path

from orchestration.settings import Settings, SettingsError

BLOCK_BYTES = 64  # block size of SHA-256, FIPS 180-4
INNER_PAD = 0x36  # RFC 2104
OUTER_PAD = 0x5C
KEY_BYTES = 32  # RFC 2104: no shorter than the hash


def key_file(settings: Settings) -> Path:
    """Where the key is kept when the environment does not give one."""
    return settings.landing / "hash.key"


def ensure_key(settings: Settings) -> str:
    """Return the key, making the file (mode 0600) on first use.

    Raises:
        SettingsError: files have landed under a key that is no longer there. A new key would
            give every customer a new id.

    """
    if settings.hash_key:
        return settings.hash_key
    path = key_file(settings)
    if not path.exists():
        if (settings.landing / "_files").exists():
            raise SettingsError(
                f"{path} is lost although files have landed: a new key would change every "
                "customer_id. Restore it from the backup or set STRATA_HASH_KEY."
            )
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
    key = path.read_text(encoding="ascii").strip()
    if len(key) != 2 * KEY_BYTES:
        raise SettingsError(
            f"{path} holds {len(key)} characters instead of {2 * KEY_BYTES}: it is damaged. "
            "Restore it from the backup or set STRATA_HASH_KEY."
        )
    return key


def hmac_pads(key: str) -> tuple[bytes, bytes]:
    """Inner and outer padded key of HMAC-SHA256 (RFC 2104), 64 bytes each."""
    raw = key.encode("utf-8")
    if len(raw) > BLOCK_BYTES:
        raw = hashlib.sha256(raw).digest()
    block = raw.ljust(BLOCK_BYTES, b"\0")
    return bytes(b ^ INNER_PAD for b in block), bytes(b ^ OUTER_PAD for b in block)

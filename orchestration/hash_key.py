"""The installation's key for published ids, and the short id that tells which key it is.

Belongs here: making, reading and checking the key. Does not belong here: how it reaches SQL
(dbt_session.py) and what is hashed with it (the `keyed_hash` macro).
The key lives beside landing, because whoever reads landing reads the raw data anyway, and because
landing must be enough to replay every night with the same ids.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from orchestration.settings import Settings, SettingsError

BLOCK_BYTES = 64  # block size of SHA-256, FIPS 180-4
INNER_PAD = 0x36  # RFC 2104
OUTER_PAD = 0x5C
KEY_BYTES = 32  # RFC 2104: no shorter than the hash
# What is hashed to tell keys apart. Eight digits tell nothing about the key.
KEY_ID_LABEL = b"strata key id"
KEY_ID_DIGITS = 8


def key_file(settings: Settings) -> Path:
    """Where the key is kept when the environment does not give one."""
    return settings.landing / "hash.key"


def ensure_key(settings: Settings) -> str:
    """Return the key, making the file (mode 0600) on first use.

    Raises:
        SettingsError: the key file is damaged, or files have landed under a key that is no longer
            there. A new key would give every customer a new id.

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
    key = path.read_text(encoding="ascii", errors="replace").strip()
    remedy = "Restore it from the backup or set STRATA_HASH_KEY."
    if len(key) != 2 * KEY_BYTES:
        raise SettingsError(
            f"{path} holds {len(key)} characters instead of {2 * KEY_BYTES}: it is damaged. "
            f"{remedy}"
        )
    if not re.fullmatch("[0-9a-f]+", key):
        raise SettingsError(
            f"{path} holds other signs than the digits 0 to 9 and a to f: it is damaged. {remedy}"
        )
    return key


def key_id(key: str) -> str:
    """Return eight hexadecimal digits that tell this key from others and nothing about it."""
    return hmac.new(key.encode(), KEY_ID_LABEL, hashlib.sha256).hexdigest()[:KEY_ID_DIGITS]


def _id_file(settings: Settings) -> Path:
    return settings.landing / "hash.key.id"


def confirm_key(settings: Settings) -> str:
    """Return the key, once it is known to be the one that files have landed under.

    Raises:
        SettingsError: it is another one, or as `ensure_key`.

    """
    key, recorded = ensure_key(settings), _id_file(settings)
    if not recorded.exists():
        return key
    known = recorded.read_text(encoding="ascii", errors="replace").strip()
    if known == key_id(key):
        return key
    place = "STRATA_HASH_KEY" if settings.hash_key else str(key_file(settings))
    raise SettingsError(
        f"{place} gives the key {key_id(key)}, but files have landed under the key {known}, as "
        f"{recorded} says: every customer_id would change. Give back the key {known} in "
        f"STRATA_HASH_KEY or {key_file(settings)}, or start an empty STRATA_HOME."
    )


def record_key(settings: Settings) -> None:
    """Remember under which key files land, the first time that any does."""
    path = _id_file(settings)
    if not path.exists():
        path.write_text(key_id(ensure_key(settings)) + "\n", encoding="ascii")
        path.chmod(0o600)


def hmac_pads(key: str) -> tuple[bytes, bytes]:
    """Inner and outer padded key of HMAC-SHA256 (RFC 2104), 64 bytes each."""
    raw = key.encode("utf-8")
    if len(raw) > BLOCK_BYTES:
        raw = hashlib.sha256(raw).digest()
    block = raw.ljust(BLOCK_BYTES, b"\0")
    return bytes(b ^ INNER_PAD for b in block), bytes(b ^ OUTER_PAD for b in block)


def key_variables(key: str) -> str:
    """Return the SQL that gives a DuckDB session the padded key, which no table ever holds."""
    inner, outer = hmac_pads(key)
    return (
        f"set variable strata_inner_pad = from_hex('{inner.hex()}'); "
        f"set variable strata_outer_pad = from_hex('{outer.hex()}')"
    )

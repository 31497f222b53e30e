"""The identity models, compiled once for all workers."""

import fcntl

import pytest
from identity_desk import Compiled, IdentityDesk, compile_once


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Compiled:
    """What dbt made of them; the other workers wait for the first."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "identity"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return compile_once(folder)


@pytest.fixture(scope="session")
def desk(compiled: Compiled) -> IdentityDesk:
    """A small warehouse; `hold` puts it before its first night."""
    return IdentityDesk(compiled)

"""The dbt process of a night, started before it is known what there is to build.

Belongs here: starting it, telling it what to do, ending it. Does not belong here: what is true
inside of it (dbt_child.py), and what it is told (warehouse.py).
"""

import contextlib
import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from orchestration.manifest import (
    PARSED,
    dbt_environment,
    dbt_executable,
    dbt_options,
    manifest_folder,
    prepare_manifest,
)
from orchestration.privacy.modes import PRIVATE_UMASK
from orchestration.settings import Settings

# First argument of a child that reads the project and then waits for a line on its stdin.
AHEAD = "ahead"


@dataclass
class DbtProcess:
    """One dbt process, for one command.

    Its imports and its reading of the project take seconds, which pass beside whatever this process
    does until it knows the command.
    """

    settings: Settings
    _started: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> subprocess.Popen[bytes]:
        """Start the process, unless it is started already.

        Raises:
            ProjectError: dbt cannot parse the project.

        """
        if self._started is None:
            prepare_manifest(self.settings)
            self._started = subprocess.Popen(
                [str(dbt_executable()), AHEAD, *self._parse()],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**dbt_environment(self.settings), "PYTHONUNBUFFERED": "1"},
                umask=PRIVATE_UMASK,
            )
        return self._started

    def run(self, command: Sequence[str], target: Path) -> subprocess.Popen[bytes]:
        """Have dbt do `command` in the folder that `target` lies in, and return its process.

        Its events come as JSON, one a line, on its stdout.
        """
        process = self.start()
        files = ["--target-path", str(target), "--log-path", str(target)]
        told = json.dumps([str(target), [*command, *self._options(), *files]])
        # A child that is gone has said why, and whoever reads its stdout will see.
        with contextlib.suppress(BrokenPipeError), cast("IO[bytes]", process.stdin) as line:
            line.write(told.encode() + b"\n")
        return process

    def close(self) -> None:
        """End the process, if it was started; one that has done its work is gone already."""
        if self._started is None:
            return
        self._started.kill()
        for stream in (self._started.stdin, self._started.stdout):
            with contextlib.suppress(BrokenPipeError):
                cast("IO[bytes]", stream).close()
        self._started.wait()
        self._started = None

    def _parse(self) -> list[str]:
        folder = manifest_folder(self.settings)
        # Whatever dbt writes of this parse, the one that it starts from stays as it is.
        own = str(folder / AHEAD)
        files = ["--partial-parse-file-path", str(folder / PARSED), "--target-path", own]
        return ["--quiet", "--no-write-json", "parse", *self._options(), *files, "--log-path", own]

    def _options(self) -> list[str]:
        return [
            "--log-format", "json", "--no-send-anonymous-usage-stats", *dbt_options(self.settings),
        ]  # fmt: skip

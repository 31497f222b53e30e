"""Run one peer, to be measured from outside: `python tests/bench/peers NAME HOME AS_OF OUT`."""

import datetime as dt
import sys
from pathlib import Path

NOT_INSTALLED = 3


def main(name: str, home: str, as_of: str, out: str) -> int:
    """Run a peer over the landing of a home; 3 where a package that it needs is not there."""
    # Modules of this folder are named after what they are written in; the package holds them.
    sys.path[0] = str(Path(__file__).resolve().parents[1])
    import peers

    if name not in peers.PEERS:
        sys.stderr.write(f"no such peer: {name}; {', '.join(peers.PEERS)}\n")
        return 1
    reason = peers.missing(name)
    if reason:
        sys.stderr.write(f"{reason}\n")
        return NOT_INSTALLED
    peers.run(name, Path(home) / "landing", dt.date.fromisoformat(as_of), Path(out))
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

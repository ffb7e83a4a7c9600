"""Private Asterisk roots with a real program in them that says whatever version a test wants."""

from pathlib import Path


def make_root(root: Path, version: str) -> Path:
    """Make a root whose dynamic linker is a script that answers as ``asterisk -V`` would."""
    (root / "usr/lib/x86_64-linux-gnu/asterisk/modules").mkdir(parents=True)
    (root / "usr/share/asterisk").mkdir(parents=True)
    (root / "usr/sbin").mkdir(parents=True)
    (root / "usr/sbin/asterisk").write_text("not run by itself\n", encoding="utf-8")
    linker = root / "usr/lib64/ld-linux-x86-64.so.2"
    linker.parent.mkdir(parents=True)
    linker.write_text(f"#!/bin/sh\necho 'Asterisk {version}'\n", encoding="utf-8")
    linker.chmod(0o755)
    return root

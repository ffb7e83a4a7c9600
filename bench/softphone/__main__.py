"""Start the telephone: ``python -m bench.softphone``. Its manual is the package's docstring."""

import argparse
import os
import queue
import signal
import sys
import threading

from bench.softphone.program import Program
from bench.softphone.words import Reporter


def read_commands(commands: "queue.SimpleQueue[str | None]") -> None:
    """Pass lines on until the input ends."""
    for text in sys.stdin:
        commands.put(text)
    commands.put(None)


def main() -> None:
    """Run until told to quit, the input ends or SIGTERM."""
    parser = argparse.ArgumentParser(description="A scriptable telephone")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--sip-port", type=int, default=0, help="0: any free port")
    parser.add_argument("--rtp-first", type=int, required=True)
    parser.add_argument("--rtp-last", type=int, required=True)
    parser.add_argument("--log-level", type=int, default=0)
    arguments = parser.parse_args()
    # The library writes its greeting to descriptor 1: keep ours, give it standard error.
    reporter = Reporter(os.fdopen(os.dup(1), "w", encoding="utf-8"))
    os.dup2(2, 1)
    program = Program(reporter, arguments)
    commands: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    threading.Thread(target=read_commands, args=(commands,), daemon=True).start()
    signal.signal(signal.SIGTERM, lambda *_: commands.put(None))
    while not program.leaving:
        program.turn()
        while not commands.empty():
            text = commands.get()
            if text is None:
                program.leaving = True
            elif text.strip():
                program.obey(text)
    program.leave()
    # libDestroy() asserts while Python still holds calls; nothing is left to save.
    os._exit(0)


if __name__ == "__main__":
    main()

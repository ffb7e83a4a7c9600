"""The peer of the ledger's bench: the same numbers as rows of Asterisk's own database.

What many switches do: one pattern takes every number, ``DB()`` looks the number up, and the call
goes on by what is found. The rest of the call is as bare as ``bench.bare``, with the two
recordings that ours makes, so that the difference between few and many rows is the lookup's.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from bench.bare import BareAsterisk


class AstDbAsterisk(BareAsterisk):
    """A bare Asterisk that looks numbers up. Give the rows before it starts."""

    name = "astdb"

    def fill(self, numbers: Iterable[str]) -> None:
        """Write the table into the database file that Asterisk will open."""
        file: Path = self.home / "var" / "astdb.sqlite3"
        file.parent.mkdir(parents=True, exist_ok=True)
        with sqlite3.connect(file) as connection:
            connection.execute(
                "CREATE TABLE astdb(key VARCHAR(256), value VARCHAR(256), PRIMARY KEY(key))"
            )
            connection.executemany(
                "INSERT INTO astdb VALUES (?, ?)",
                ((f"/numbers/{number}", f"bench,{number},transition") for number in numbers),
            )
        connection.close()

    @property
    def cel_file(self) -> Path:
        """Asterisk's channel event log, as ours writes it."""
        return self.home / "log" / "cel-custom" / "cel.jsonl"

    def _modules(self) -> str:
        return f"{super()._modules()} func_db func_strings res_cdrel_custom cel_custom"

    def _files(self) -> dict[str, str]:
        self.cel_file.parent.mkdir(parents=True, exist_ok=True)
        return super()._files() | {
            "cel.conf": "[general]\nenable=yes\nevents=CHAN_START,ANSWER",
            "cel_custom.conf": "[cel.jsonl]\nformat=json\nfields=eventtype,eventtime,uniqueid",
        }

    def _extensions_conf(self) -> str:
        files = f"{self.recordings}/${{UNIQUEID}}"
        return f"""
[general]
static=yes
writeprotect=yes
[bare]
exten => _XXXXXXX,1,Set(PLAN=${{DB(numbers/${{EXTEN}})}})
 same => n,Set(ARRAY(CENTRE,LINE,STATE)=${{PLAN}})
 same => n,Answer()
 same => n,MixMonitor(,r({files}-rx.wav)t({files}-tx.wav))
 same => n,Wait(5)
"""

"""Where this installation keeps things and which ports it uses. Read once, typed, frozen.

Ring 0. The *city* is not here: that is the profile (``config.profile``). Every setting has an
environment variable, ``HOTLINE_`` + its name in capitals. Wrong ones stop the start, all named
at once (pydantic's ``ValidationError`` lists every fault).
"""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

CHECKOUT = Path(__file__).resolve().parent.parent
"""The checkout: where ``config/profiles`` and ``asterisk-conf`` are found."""

BUILT_DESK = CHECKOUT / "build" / "desk"
"""Where the installer puts the desk's page and the brain looks for it."""

LOOPBACK = "127.0.0.1"


class Settings(BaseSettings):
    """One process's settings. ``home`` is resolved to an absolute path."""

    model_config = SettingsConfigDict(env_prefix="HOTLINE_", frozen=True, extra="forbid")

    home: Path = CHECKOUT / "var"
    """State: rendered configuration, recordings, database, logs, secrets."""
    cache: Path = Path("~/.cache/hotline")
    """Downloads and made things that survive a deleted checkout: models, prompts, packages."""
    profile: str = "chifeng"
    host: str = LOOPBACK
    """Address that phones and browsers come to: SIP, RTP, websockets, HTTP. What only our own
    processes use (AMI, FastAGI, Redis) stays on loopback, whatever this is."""
    sip_port: int = Field(default=5060, ge=1, le=65535)
    rtp_first: int = Field(default=10000, ge=1024, le=65534)
    rtp_last: int = Field(default=14999, ge=1025, le=65535)
    http_port: int = Field(default=12345, ge=1, le=65535)
    ws_port: int = Field(default=8088, ge=1, le=65535)
    """Asterisk's own HTTP server, for the websockets of phones in a page."""
    wss_port: int = Field(default=8089, ge=1, le=65535)
    """The same with encryption, where there is a certificate."""
    phone_certificate: Path | None = None
    """A PEM file with certificate and chain, for phones in a page that came by https. None: pages
    come by http, or ``phone_url`` says which proxy encrypts for us."""
    phone_key: Path | None = None
    """Its private key; None: it is in the same file."""
    phone_url: str = Field(
        default="", pattern=r"^(wss?://[A-Za-z0-9.\[\]:-]+(/[A-Za-z0-9/_.-]*)?)?$"
    )
    """Where a page's phone goes, ``wss://…``. Empty: to the port above at the host that the
    page itself came from."""
    ami_port: int = Field(default=5038, ge=1, le=65535)
    agi_port: int = Field(default=4573, ge=1, le=65535)
    redis_port: int = Field(default=6390, ge=1, le=65535)
    """The private Redis. Not 6379, so that a machine's own Redis is left alone."""
    database_url: str = ""
    """Empty: SQLite in ``home``. Else ``postgresql+asyncpg://…``."""
    redis_url: str = ""
    """Empty: the private Redis on ``redis_port``."""
    ami_secret: SecretStr | None = None
    """Empty: the one made at the first start in ``home/secrets``."""
    key_file: Path | None = None
    """The keys that seal who called; None: ``home/secrets/keys.json``, made at the first start."""
    cipher: Literal["aes-256-gcm", "sm4-gcm"] = "aes-256-gcm"
    """What new keys are for. Whatever was sealed before stays readable."""
    asterisk_root: Path | None = None
    """Private Asterisk root; None: ``home/asterisk`` if it is there, else the system's own."""
    node: str = "node1"
    """This Asterisk's name; prefixes every call id. ``[a-z0-9]+``."""
    vosk_model: Path | None = None
    """A directory with a Vosk model of the operator's."""
    engine: str = "whisper"
    """Speech engine: whisper | vosk."""
    live: bool = True
    """Whether talks are written down while they go on. Costs a process, 0.5 GB and half a core."""
    speech_threads: int = Field(default=1, ge=1, le=64)
    """Threads of one worker's engine. More workers serve more calls than more threads do."""

    @model_validator(mode="after")
    def _resolve(self) -> Self:
        object.__setattr__(self, "home", self.home.expanduser().resolve())
        object.__setattr__(self, "cache", self.cache.expanduser().resolve())
        if self.phone_key is not None and self.phone_certificate is None:
            raise ValueError("phone_key: there is no phone_certificate for it")
        return self

    @property
    def sql_url(self) -> str:
        """The SQLAlchemy URL in force."""
        return self.database_url or f"sqlite+aiosqlite:///{self.home / 'hotline.db'}"

    @property
    def redis(self) -> str:
        """The Redis URL in force."""
        return self.redis_url or f"redis://{LOOPBACK}:{self.redis_port}/0"

    @property
    def reach(self) -> str:
        """The address at which this machine itself reaches SIP and the web."""
        return LOOPBACK if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - compared

    @property
    def recordings(self) -> Path:
        """Where Asterisk writes ``<call>-rx.wav`` (caller says) and ``-tx.wav`` (caller hears)."""
        return self.home / "recordings"

    @property
    def cel_file(self) -> Path:
        """Asterisk's channel event log, one JSON object a line."""
        return self.home / "asterisk-run" / "log" / "cel-custom" / "cel.jsonl"

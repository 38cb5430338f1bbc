"""What an administrator sets by environment variables; nothing here changes while running."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One installation's settings. Paths are created on first use; secrets never live here."""

    data_dir: Path
    database_url: str
    zone: ZoneInfo
    locale: str
    base_url: str
    organisation_name: str
    smtp_host: str
    smtp_port: int
    smtp_user: str
    smtp_password: str
    smtp_tls: str
    mail_from: str
    trusted_proxies: tuple[str, ...]
    plugins: tuple[str, ...] | None
    log_format: str
    session_idle_hours: int = 12
    session_hours: int = 168
    password_memory_kib: int = 19456
    password_rounds: int = 2
    metrics_token: str = ""
    webhooks: tuple[str, ...] = ()
    webhook_secret: str = ""

    @property
    def keyring_path(self) -> Path:
        """Where the encryption keys lie: beside the database, never inside it."""
        return self.data_dir / "keys" / "keyring.json"

    @property
    def attachments_dir(self) -> Path:
        """Where attachments lie, by content hash."""
        return self.data_dir / "attachments"

    @property
    def checkpoints_path(self) -> Path:
        """Where signed checkpoints of the log are kept outside the database."""
        return self.data_dir / "log-checkpoints.jsonl"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _webhooks(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses; ValueError for one that is not plain http or https."""
    for address in addresses:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            raise ValueError(f"LAIFANG_WEBHOOKS: {address} is no address of http or https")
    return addresses


def load() -> Settings:
    """Read the settings from the environment; every one has a default that works."""
    get = os.environ.get
    data_dir = Path(get("LAIFANG_DATA", "var")).resolve()
    chosen = get("LAIFANG_PLUGINS")
    return Settings(
        data_dir=data_dir,
        database_url=get("LAIFANG_DATABASE_URL", f"sqlite:///{data_dir}/laifang.sqlite"),
        zone=ZoneInfo(get("LAIFANG_ZONE", "Asia/Shanghai")),
        locale=get("LAIFANG_LOCALE", "zh_Hans"),
        base_url=get("LAIFANG_BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        organisation_name=get("LAIFANG_ORGANISATION", ""),
        smtp_host=get("LAIFANG_SMTP_HOST", ""),
        smtp_port=int(get("LAIFANG_SMTP_PORT", "25")),
        smtp_user=get("LAIFANG_SMTP_USER", ""),
        smtp_password=get("LAIFANG_SMTP_PASSWORD", ""),
        smtp_tls=get("LAIFANG_SMTP_TLS", "none"),
        mail_from=get("LAIFANG_MAIL_FROM", "laifang@localhost"),
        trusted_proxies=_list(get("LAIFANG_TRUSTED_PROXIES", "")),
        plugins=None if chosen is None else _list(chosen),
        log_format=get("LAIFANG_LOG_FORMAT", "text"),
        session_idle_hours=int(get("LAIFANG_SESSION_IDLE_HOURS", "12")),
        session_hours=int(get("LAIFANG_SESSION_HOURS", "168")),
        password_memory_kib=int(get("LAIFANG_PASSWORD_MEMORY_KIB", "19456")),
        password_rounds=int(get("LAIFANG_PASSWORD_ROUNDS", "2")),
        metrics_token=get("LAIFANG_METRICS_TOKEN", ""),
        webhooks=_webhooks(_list(get("LAIFANG_WEBHOOKS", ""))),
        webhook_secret=get("LAIFANG_WEBHOOK_SECRET", ""),
    )

"""What a backup says of itself."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

FORMAT = 1
NAME = "manifest.json"


@dataclass(slots=True, kw_only=True)
class Part:
    """One file of the backup: its rows (0 for attachments), size and SHA-256."""

    rows: int
    size: int
    sha256: str


@dataclass(slots=True, kw_only=True)
class Manifest:
    """When, from what, and what is inside."""

    made_at: str
    engine: str
    migrations: list[str]
    keyring: dict[str, str]
    format: int = FORMAT
    tables: dict[str, Part] = field(default_factory=dict)
    attachments: dict[str, int] = field(default_factory=dict)
    checkpoints: Part | None = None

    def dump(self) -> bytes:
        """Return the manifest as JSON."""
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()

    @classmethod
    def load(cls, data: bytes) -> "Manifest":
        """Read a manifest; ValueError for one of another format."""
        plain: dict[str, Any] = json.loads(data)
        if plain.get("format") != FORMAT:
            raise ValueError(f"format {plain.get('format')} is not known")
        plain["tables"] = {name: Part(**part) for name, part in plain["tables"].items()}
        if plain["checkpoints"] is not None:
            plain["checkpoints"] = Part(**plain["checkpoints"])
        return cls(**plain)

"""The evaluators' box: a case code goes in with the public key, and only their private key, kept elsewhere, takes it
out.

Neither service ever holds the private key, and equal codes give different bytes, so nothing here can be matched.
"""

import os
from pathlib import Path

from surveys.records.sealing import Boxes, BoxSeries, box_pair, box_seal

_HEADER = "posle evaluators "
_PADDED = 64


class EvaluatorKeyRefused(Exception):
    """The evaluators' key cannot be used; the message says why."""


def make_evaluator_keys(folder: Path) -> tuple[Path, Path]:
    """Write `evaluators.pub` and `evaluators.key` (0600) into `folder`; refuses where either is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    public, private = folder / "evaluators.pub", folder / "evaluators.key"
    if public.exists() or private.exists():
        raise EvaluatorKeyRefused("there already are evaluators' keys in this folder; they are never overwritten")
    secret, open_half = box_pair()
    _write(private, "private", secret, 0o600)
    _write(public, "public", open_half, 0o644)
    return public, private


def _write(path: Path, kind: str, key: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{_HEADER}{kind} {key.hex()}\n")
        file.flush()
        os.fsync(file.fileno())


def read_evaluators_public(path: Path) -> bytes:
    """The public key (32 bytes); `EvaluatorKeyRefused` where the file is missing, damaged or the private one."""
    return _read(path, "public")


def read_evaluators_private(path: Path) -> bytes:
    """The private key (32 bytes); `EvaluatorKeyRefused` where the file is missing, damaged or open to others."""
    if path.exists() and os.name == "posix" and path.stat().st_mode & 0o077:
        raise EvaluatorKeyRefused("the evaluators' private key can be read by others; run chmod 600 on it")
    return _read(path, "private")


def _read(path: Path, kind: str) -> bytes:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError):
        raise EvaluatorKeyRefused(f"the evaluators' {kind} key is missing or cannot be read") from None
    head = f"{_HEADER}{kind} "
    try:
        key = bytes.fromhex(text.removeprefix(head).strip()) if text.startswith(head) else b""
    except ValueError:
        key = b""
    if len(key) != 32 or len(set(key)) < 8:
        raise EvaluatorKeyRefused(f"this file holds no evaluators' {kind} key")
    return key


def key_fingerprint(private: bytes) -> str:
    """Eight bytes (hex) that name a pair, from its private half."""
    return Boxes(private).name


def seal_for_evaluators(public: bytes, text: str, aad: str) -> bytes:
    """`text`, padded to a fixed size, sealed so that only the private key opens it, and only with the same `aad`."""
    padded = text.encode().ljust(_PADDED, b"\0")
    if len(padded) > _PADDED or "\0" in text:
        raise ValueError(f"a case code has at most {_PADDED} bytes")
    return box_seal(public, padded, aad.encode())


_EXPORT = b"research export"


class ExportSeal:
    """Seals what is sealed already once more, for one export: the same case code is other bytes in every export."""

    def __init__(self, public: bytes) -> None:
        self._series = BoxSeries(public)

    def wrap(self, sealed: bytes) -> bytes:
        """The bytes that stand in the export."""
        return self._series.seal(sealed, _EXPORT)


class ExportOpener:
    """Opens the case codes of exports, with the private key; older exports, sealed once, too."""

    def __init__(self, private: bytes) -> None:
        self._boxes = Boxes(private)

    def open(self, sealed: bytes, aad: str) -> str:
        """The case code; `WrongKey` where it was sealed to another key or under another `aad`."""
        inner = self._boxes.open(sealed, _EXPORT) if self._boxes.in_series(sealed) else sealed
        return self._boxes.open(inner, aad.encode()).rstrip(b"\0").decode()

"""What would only make tests slow: hashes of 64 MiB, and certificates for addresses on the loopback.

Import `quick_hashes` in a folder's conftest. Services in processes of their own hash as ever.
"""

import ssl

import pytest
from argon2 import PasswordHasher

from surveys.records import passwords

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody, and so reads no list of whom to trust: for clients of plain http."""
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_NOBODYS = _QUICK.hash("nobody has this word")


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash a word in no time."""
    monkeypatch.setattr(passwords, "_hasher", lambda: _QUICK)
    monkeypatch.setattr(passwords, "_nobodys", lambda: _NOBODYS)

"""The one module that uses `cryptography`: sealed values, data keys, blind indexes, MACs and the evaluators' box.

A sealed value is: version (1 byte), key id (8), nonce (12), AES-256-GCM ciphertext. It opens only in its own
side, table, column and row. Errors name a key id at most, never a value. Nonces and keys come from the operating system
alone.
"""

import hashlib
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveys.records.columns import SEALED_VERSION
from surveys.records.keyfile import KeyPurpose, KeyRing, load_keys
from surveys.rules.vocabulary import Side

REGISTRY: Mapping[tuple[str, str], KeyPurpose | None] = MappingProxyType(
    {
        ("participants", "other_word"): KeyPurpose.CONTACT,
        ("participants", "born_on"): KeyPurpose.CONTACT,
        ("participants", "completed_on"): KeyPurpose.CONTACT,
        ("participants", "case_code"): None,
        ("participants", "reconsented_on"): KeyPurpose.CONTACT,
        ("contacts", "address"): KeyPurpose.CONTACT,
        ("consents", "recorded_by"): KeyPurpose.CONTACT,
        ("interviews", "state"): KeyPurpose.ANSWERS,
        ("answers", "value"): KeyPurpose.ANSWERS,
        ("tasks", "note"): KeyPurpose.OPERATIONS,
        ("inbox", "payload"): KeyPurpose.OPERATIONS,
        ("readiness", "document"): KeyPurpose.OPERATIONS,
        ("configured", "document"): KeyPurpose.OPERATIONS,
        ("accounts", "login"): KeyPurpose.OPERATIONS,
        ("accounts", "name"): KeyPurpose.OPERATIONS,
        ("accounts", "password"): KeyPurpose.OPERATIONS,
        ("accounts", "totp"): KeyPurpose.OPERATIONS,
        ("passkeys", "document"): KeyPurpose.OPERATIONS,
        ("staff_sessions", "challenge"): KeyPurpose.OPERATIONS,
        ("reviews", "note"): KeyPurpose.ANSWERS,
        ("alerts", "note"): KeyPurpose.OPERATIONS,
        ("callouts", "address"): KeyPurpose.OPERATIONS,
        ("safe_contacts", "document"): KeyPurpose.CONTACT,
        ("safe_waves", "valid_from"): KeyPurpose.CONTACT,
        ("ephemeral_messages", "address"): KeyPurpose.OPERATIONS,
    }
)
"""Every sealed column and the purpose of its key. `None` is sealed to the evaluators: no key of the service opens
it."""

_HEAD = bytes([SEALED_VERSION])


class WrongKey(Exception):
    """A value was not sealed with a key that is here, or not for this place. Names the key id only."""

    def __init__(self, key: str) -> None:
        super().__init__(f"key {key} does not open this value; check that key file and database belong together")
        self.key = key


class UnregisteredColumn(Exception):
    """A value was to be sealed for a column that is not in the registry, or with a key of another purpose."""


@dataclass(frozen=True, slots=True, repr=False)
class DataKey:
    """One person's key for one purpose, or a master key of the operations. Never written down unwrapped."""

    id: bytes
    purpose: KeyPurpose
    cipher: AESGCM


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A new data key, ready to be stored: its own id, the master key's id, and the wrapped bytes."""

    id: str
    purpose: KeyPurpose
    master: str
    wrapped: bytes


@dataclass(frozen=True, slots=True, repr=False)
class PersonKeys:
    """The two data keys of one participant; destroying them makes contact details and answers unreadable everywhere."""

    contact: DataKey
    answers: DataKey

    def of(self, purpose: KeyPurpose) -> DataKey:
        """The key for this purpose."""
        return self.contact if purpose is KeyPurpose.CONTACT else self.answers


class Seals:
    """Everything that needs the keys of one side. With a `path`, a key file that was rotated meanwhile is read
    again."""

    def __init__(self, ring: KeyRing, path: Path | None = None) -> None:
        self.side = ring.side
        self.path = path
        self._seen = _stamp_of(path)
        self._take(ring)

    @classmethod
    def load(cls, path: Path, side: Side) -> "Seals":
        """The seals of this side's key file; `KeyFileRefused` where it cannot be used."""
        return cls(load_keys(path, side), path)

    def _take(self, ring: KeyRing) -> None:
        self.ring = ring
        self._masters = {key.id: DataKey(bytes.fromhex(key.id), key.purpose, AESGCM(key.secret)) for key in ring.keys}
        self._index = ring.newest(KeyPurpose.INDEX).secret
        self._audit = hmac.new(ring.newest(KeyPurpose.AUDIT).secret, digestmod=hashlib.sha256)
        self._newest = {purpose: self._masters[ring.newest(purpose).id] for purpose in KeyPurpose}
        self._tables: dict[str, hmac.HMAC] = {}

    def refresh(self) -> None:
        """Read the key file again if it changed: another process may have rotated it. One `stat` where it did not."""
        seen = _stamp_of(self.path)
        if self.path is not None and seen != self._seen:
            self._take(load_keys(self.path, self.side))
            self._seen = seen

    @property
    def operations(self) -> DataKey:
        """The key for what belongs to no single person."""
        return self._newest[KeyPurpose.OPERATIONS]

    def seal(self, key: DataKey, table: str, column: str, row: str, text: str) -> bytes:
        """The sealed form of `text` for exactly this place; `UnregisteredColumn` where no such seal is known."""
        if REGISTRY.get((table, column)) is not key.purpose:
            raise UnregisteredColumn(f"{table}.{column}")
        return _seal(key, text.encode(), self._place(table, column, row))

    def open(self, key: DataKey, table: str, column: str, row: str, sealed: bytes) -> str:
        """The text that was sealed for exactly this place; `WrongKey` otherwise."""
        if key.purpose is KeyPurpose.OPERATIONS:
            key = self._master(sealed)
        return _open(key, sealed, self._place(table, column, row)).decode()

    def new_data_key(self, participant: str, purpose: KeyPurpose) -> tuple[DataKey, Wrapped]:
        """A fresh data key for one person, and its wrapped form."""
        secret, name = os.urandom(32), os.urandom(8)
        master = self._newest[purpose]
        wrapped = _seal(master, secret, self._place("data_keys", purpose, f"{participant}:{name.hex()}"))
        return DataKey(name, purpose, AESGCM(secret)), Wrapped(name.hex(), purpose, master.id.hex(), wrapped)

    def unwrap(self, participant: str, purpose: KeyPurpose, name: str, wrapped: bytes) -> DataKey:
        """The data key inside `wrapped`; `WrongKey` where its master key is not here."""
        return DataKey(bytes.fromhex(name), purpose, AESGCM(self._unwrapped(participant, purpose, name, wrapped)))

    def rewrap(self, participant: str, purpose: KeyPurpose, name: str, wrapped: bytes) -> Wrapped:
        """The same data key under the newest master key."""
        master = self._newest[purpose]
        secret = self._unwrapped(participant, purpose, name, wrapped)
        again = _seal(master, secret, self._place("data_keys", purpose, f"{participant}:{name}"))
        return Wrapped(name, purpose, master.id.hex(), again)

    def _unwrapped(self, participant: str, purpose: KeyPurpose, name: str, wrapped: bytes) -> bytes:
        return _open(self._master(wrapped), wrapped, self._place("data_keys", purpose, f"{participant}:{name}"))

    def _master(self, sealed: bytes) -> DataKey:
        name = sealed[1:9].hex()
        if name not in self._masters:
            self.refresh()
        if name not in self._masters:
            raise WrongKey(name)
        return self._masters[name]

    def index(self, table: str, column: str, value: str) -> bytes:
        """A keyed blind index (32 bytes): equal values of one column are found, none is readable, columns differ."""
        name = f"{table}.{column}"
        if name not in self._tables:
            self._tables[name] = hmac.new(self._index, f"posle index {name}\0".encode(), hashlib.sha256)
        mac = self._tables[name].copy()
        mac.update(value.encode())
        return mac.digest()

    def mac(self, record: bytes) -> bytes:
        """The audit chain's MAC (32 bytes)."""
        mac = self._audit.copy()
        mac.update(record)
        return mac.digest()

    def _place(self, table: str, column: str, row: str) -> bytes:
        return f"posle 1\0{self.side}\0{table}\0{column}\0{row}".encode()


def key_of(sealed: bytes) -> str:
    """The id of the key that a sealed value names."""
    return sealed[1:9].hex()


def _seal(key: DataKey, plain: bytes, place: bytes) -> bytes:
    nonce = os.urandom(12)
    return _HEAD + key.id + nonce + key.cipher.encrypt(nonce, plain, place)


def _open(key: DataKey, sealed: bytes, place: bytes) -> bytes:
    named = sealed[1:9]
    if sealed[:1] != _HEAD or named != key.id:
        raise WrongKey(named.hex())
    try:
        return key.cipher.decrypt(sealed[9:21], sealed[21:], place)
    except (InvalidTag, ValueError):
        raise WrongKey(named.hex()) from None


def _stamp_of(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def box_pair() -> tuple[bytes, bytes]:
    """A new X25519 pair: private and public half, 32 bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def box_public_id(public: bytes) -> bytes:
    """Eight bytes that name a public key."""
    return hashlib.sha256(b"posle evaluators\0" + public).digest()[:8]


def box_seal(public: bytes, plain: bytes, aad: bytes) -> bytes:
    """Sealed to a public key: version, key id, a one-time public key (32 bytes), ciphertext. Same plain, other
    bytes."""
    once = X25519PrivateKey.generate()
    half = once.public_key().public_bytes_raw()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    return _HEAD + box_public_id(public) + half + _box_cipher(shared, half, public).encrypt(_ONCE, plain, aad)


class BoxSeries:
    """Many boxes to one public key. They share a one-time half, so that a reader pays for one exchange; the nonces
    differ. Two series have nothing in common."""

    def __init__(self, public: bytes) -> None:
        once = X25519PrivateKey.generate()
        half = once.public_key().public_bytes_raw()
        self._head = _SERIES + box_public_id(public) + half
        self._cipher = _box_cipher(once.exchange(X25519PublicKey.from_public_bytes(public)), half, public)

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """One box of the series."""
        nonce = os.urandom(12)
        return self._head + nonce + self._cipher.encrypt(nonce, plain, aad)


class Boxes:
    """Opens what was sealed to one pair: single boxes, and those of a series."""

    def __init__(self, private: bytes) -> None:
        self._own = X25519PrivateKey.from_private_bytes(private)
        self._public = self._own.public_key().public_bytes_raw()
        self._id = box_public_id(self._public)
        self._series: dict[bytes, AESGCM] = {}

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """What was sealed to this pair under the same `aad`; `WrongKey` otherwise."""
        half = sealed[9:41]
        if sealed[:1] not in (_HEAD, _SERIES) or sealed[1:9] != self._id or len(half) != 32:
            raise WrongKey(sealed[1:9].hex())
        try:
            if sealed[:1] == _HEAD:
                return self._cipher(half).decrypt(_ONCE, sealed[41:], aad)
            if half not in self._series:
                self._series[half] = self._cipher(half)
            return self._series[half].decrypt(sealed[41:53], sealed[53:], aad)
        except (InvalidTag, ValueError):
            raise WrongKey(sealed[1:9].hex()) from None

    @property
    def name(self) -> str:
        """What names the pair."""
        return self._id.hex()

    @staticmethod
    def in_series(sealed: bytes) -> bool:
        """Whether this is a box of a series."""
        return sealed[:1] == _SERIES

    def _cipher(self, half: bytes) -> AESGCM:
        shared = self._own.exchange(X25519PublicKey.from_public_bytes(half))
        return _box_cipher(shared, half, self._public)


_SERIES = b"\x02"
_ONCE = bytes(12)
"""Each box has a key of its own, used once, so the nonce may be fixed."""


def _box_cipher(shared: bytes, half: bytes, public: bytes) -> AESGCM:
    kdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=half + public, info=b"posle evaluators 1")
    return AESGCM(kdf.derive(shared))

"""What a side's staff set beside the shipped library: centres, days off, consent texts, protocol. Pure; it reads no
database.

It must never take anything away that people were told before: a text and the protocol keep all of their versions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from surveys.library import Library
from surveys.library.centres import Centre
from surveys.library.wording import Text
from surveys.rules.protocol import Protocol

APART = "."
"""What is in the name of every version of the protocol that was made in a console, and of none that ships."""


@dataclass(frozen=True, slots=True)
class OwnProtocol:
    """A version that was made here, from the shipped version `base`, over which alone it holds."""

    base: str
    protocol: Protocol

    def fits(self, shipped: Protocol) -> bool:
        """Whether it is of this side: without the rule of a safe contact nothing else on hers would be asked."""
        rules, own = (shipped.safe_contact, shipped.traces), (self.protocol.safe_contact, self.protocol.traces)
        return [each is None for each in rules] == [each is None for each in own]


@dataclass(frozen=True, slots=True)
class Configured:
    """`centres` by name; `merged` leads from a centre that is no more to the one that took it in; `texts` by name,
    each with the instant from which it holds, the oldest first; `protocols` by version, the oldest first, and in
    `unreadable` those that this program would not follow. `last` is when the newest of all came into force."""

    centres: Mapping[str, Centre] = field(default_factory=dict)
    merged: Mapping[str, str] = field(default_factory=dict)
    days_off: Mapping[date, str] = field(default_factory=dict)
    texts: Mapping[str, tuple[tuple[datetime, Text], ...]] = field(default_factory=dict)
    protocols: Mapping[str, OwnProtocol] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()
    last: datetime | None = None

    def on(self, library: Library) -> Library:
        """The library as it holds with this."""
        if not self.centres and not self.merged and not self.texts and not self.protocols:
            return library
        centres = {**library.centres, **self.centres}
        return replace(
            library,
            centres={name: each for name, each in centres.items() if name not in self.merged},
            texts={name: self._newest(each) for name, each in library.texts.items()},
            protocol=self.protocol_over(library.protocol),
        )

    def protocol_over(self, shipped: Protocol) -> Protocol:
        """The version in force: the newest that was made from what ships, else what ships."""
        own = [
            each.protocol for each in self.protocols.values() if each.base == shipped.version and each.fits(shipped)
        ]  # fmt: skip
        return own[-1] if own else shipped

    def _newest(self, shipped: Text) -> Text:
        own = self.texts.get(shipped.name)
        return own[-1][1] if own and own[-1][1].stands_over(shipped) else shipped

    def text_at(self, shipped: Text, when: datetime) -> Text:
        """The text that held at an instant."""
        held = [text for since, text in self.texts.get(shipped.name, ()) if since <= when]
        return held[-1] if held and held[-1].stands_over(shipped) else shipped

"""Whether what people see of a side's settings is dull: the sender, the host and where quick exit leads.

It names the key that is not, never the value. A side that is not dull is not served.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from posle.settings.model import Settings
from posle.settings.section import BadSettings
from surveys.language.dull import undull

_WHY = "holds a word of the programme's vocabulary, which whoever looks at a phone may know; choose another"


def undull_settings(settings: Settings) -> Iterator[str]:
    """The keys whose values are not dull."""
    if settings.sms is not None and undull(settings.sms.sender):
        yield "[sms] sender"
    for key, url in (("[side] public_url", settings.side.public_url), ("[page] exit_url", settings.exit_url)):
        if url and undull((urlsplit(url).hostname or "").replace(".", " ").replace("-", " ")):
            yield key


def refuse_undull(settings: Settings) -> None:
    """BadSettings for the first such key."""
    for key in undull_settings(settings):
        raise BadSettings(key, _WHY)

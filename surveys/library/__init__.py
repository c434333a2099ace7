"""What ships with a side: protocol, instruments, texts, notices, helplines and centres, all of it data, versioned.

A side reads its own folder alone. Instruments are named by their files; whoever publishes them compiles them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol as Shape
from typing import TypeVar

from surveys.instruments.form import Form
from surveys.instruments.model import Instrument
from surveys.library.alerting import Alerting, read_alerting
from surveys.library.centres import Centre, read_centre
from surveys.library.covers import read_covers, refuse_unfit
from surveys.library.helplines import Helpline, read_helpline
from surveys.library.reading import LibraryRefused, Table, Words, read_data, read_table
from surveys.library.recall import RECALL, Recall, read_recall
from surveys.library.reviews import FILE as REVIEWS
from surveys.library.reviews import Reviews, read_reviews
from surveys.library.translation import Translation, read_translations, with_translations
from surveys.library.wording import Notice, NoticeKind, Text, TextMissing, in_words, read_notice, read_text
from surveys.rules.protocol import Protocol, read_protocol
from surveys.rules.vocabulary import Channel, Side, SmsScript

__all__ = ["SHIPPED", "Library", "LibraryRefused", "TextMissing", "load_library", "shipped_centres"]

SHIPPED = Path(__file__).parent
_AUDIENCE = {Side.EX_PERPETRATORS: "his", Side.SURVIVORS: "hers"}


class _Named(Shape):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


@dataclass(frozen=True, slots=True)
class Library:
    """One side's data. `instruments` maps an instrument's name to its XLSForm file, for `compile_form`."""

    side: Side
    protocol: Protocol
    recalls: tuple[Recall, ...]
    instruments: Mapping[str, Path]
    texts: Mapping[str, Text]
    other_words: Mapping[str, Words]
    notices: Mapping[str, Notice]
    helplines: tuple[Helpline, ...]
    centres: Mapping[str, Centre]
    alerting: Alerting
    covers: tuple[Form, ...] = ()
    """Everyday surveys that may stand before this side's own questions, the active one first; none where nothing needs
    to. One alone is active at a time, for every link, known or not, so that a cover tells nothing of a link."""
    translations: tuple[Translation, ...] = ()
    """Languages that were added from a folder."""
    reviews: Reviews = field(default_factory=dict)
    """Who has read the words of which file, by its name in the side's folder."""

    def worded(self, instrument: Instrument) -> Instrument:
        """The instrument with the added languages beside its own."""
        for each in self.translations:
            instrument = each.into(instrument)
        return instrument

    def text(self, name: str, language: str) -> str:
        """The text of that id; TextMissing where there is none, or none in that language."""
        return self._text(name).said(language)

    def text_on(self, channel: Channel | None, name: str, language: str, script: SmsScript = SmsScript.ASCII) -> str:
        """The same text as that channel shows it: by SMS in that script, in shorter words where it has any."""
        return self._text(name).said_on(channel, language, script)

    def text_version(self, name: str) -> str:
        """As a consent keeps it; raised by whoever changes the text."""
        return self._text(name).number

    def other_word(self, gender: str | None, language: str) -> str:
        """What the other person is called (nominative) where no word was chosen: by recorded gender, `unknown` else."""
        words = self.other_words.get(gender or "unknown", self.other_words["unknown"])
        return in_words(words, language, "other_word")

    def approved(self, channel: Channel, kind: NoticeKind) -> tuple[Notice, ...]:
        """The approved notices of a channel and kind that lead to the active cover; the first is the default."""
        every = [each for each in self.notices.values() if each.channel is channel and each.kind is kind]
        fitting = ("", self.covers[0].instrument.name) if self.covers else None
        return tuple(each for each in every if fitting is None or each.cover in fitting)

    def notice_names(self, channel: Channel) -> frozenset[str]:
        """The approved notices of a channel, by name: what may be chosen for a person."""
        kinds = (NoticeKind.NOTICE, NoticeKind.CHAT_NOTICE)
        return frozenset(each.name for kind in kinds for each in self.approved(channel, kind))

    def notice(self, channel: Channel, kind: NoticeKind, name: str | None = None) -> Notice:
        """The notice chosen by `name`, else the default; TextMissing where it is not approved for channel and kind."""
        for each in self.approved(channel, kind):
            if name in (None, each.name):
                return each
        raise TextMissing(f"no approved notice {name or '(any)'} of kind {kind} for {channel}; add it to notices.toml")

    def recall(self, wave: str, window: str = RECALL) -> Recall | None:
        """The window that the items of a wave ask about; None where the wave has no such window."""
        return next((each for each in self.recalls if (each.wave, each.window) == (wave, window)), None)

    def _text(self, name: str) -> Text:
        if name not in self.texts:
            raise TextMissing(f"there is no text {name}; add it to texts.toml")
        return self.texts[name]


def load_library(
    side: Side, folder: Path | None = None, languages: Path | None = None, *, own_files: Path | None = None,
    cover: str | None = None,
) -> Library:  # fmt: skip
    """The side's library from `folder` (default: the shipped one), whose layout is `centres.toml` and `<side>/…`.

    `languages` is a folder with further languages, whose layout is `<code>/<side>.toml`. `own_files` is the side's own
    folder: `covers/`, `notices.toml` and `reviews.toml` there stand in for the shipped ones. `cover` is the active one.

    Raises LibraryRefused, which names file and key, on anything missing, malformed or unknown.
    """
    root = SHIPPED if folder is None else folder
    own = root / side.value
    protocol, recalls = _read_protocol(own / "protocol.toml")
    texts, other_words = _read_texts(own / "texts.toml")
    instruments = {file.stem: file for file in sorted(own.glob("*.md"))}
    _refuse_loose_ends(protocol, recalls, instruments)
    audience = _AUDIENCE[side]
    library = Library(
        side=side,
        protocol=protocol,
        recalls=recalls,
        instruments=instruments,
        texts=texts,
        other_words=other_words,
        notices=_by_name(_read_rows(_in_place("notices.toml", own, own_files), "notice", read_notice), "notices.toml"),
        helplines=_read_rows(own / "helplines.toml", "line", lambda table: read_helpline(table, audience)),
        centres=_by_name(_read_rows(root / "centres.toml", "centre", read_centre), "centres.toml"),
        alerting=read_alerting(own / "alerts.toml"),
        covers=read_covers(_in_place("covers", own, own_files), cover) if (own / "covers").exists() else (),
        reviews=read_reviews(_in_place(REVIEWS, own, own_files)),
    )
    refuse_unfit(library.covers, library.notices.values())
    return with_translations(library, read_translations(languages, side.value)) if languages else library


def shipped_centres() -> Mapping[str, Centre]:
    """The shipped centres, by the name that is stored with people."""
    return _by_name(_read_rows(SHIPPED / "centres.toml", "centre", read_centre), "centres.toml")


def _in_place(name: str, shipped: Path, own_files: Path | None) -> Path:
    """The side's own file or folder of that name, where it has one."""
    mine = own_files / name if own_files is not None else None
    return mine if mine is not None and mine.exists() else shipped / name


def _read_protocol(path: Path) -> tuple[Protocol, tuple[Recall, ...]]:
    data = read_data(path)
    table = Table(path.name, "", {"recall": data.pop("recall", None)})
    recalls = tuple(read_recall(each) for each in table.tables("recall"))
    try:
        return read_protocol(data), recalls
    except (ValueError, KeyError, TypeError) as problem:
        raise LibraryRefused(path.name, "protocol", str(problem)) from problem


def _refuse_loose_ends(protocol: Protocol, recalls: Iterable[Recall], instruments: Mapping[str, Path]) -> None:
    recalled = {each.wave for each in recalls if each.window == RECALL}
    for wave in protocol.waves:
        if wave.name not in recalled:
            raise LibraryRefused("protocol.toml", f"recall of {wave.name}", "is missing")
        if wave.instrument not in instruments:
            raise LibraryRefused("protocol.toml", f"instrument of {wave.name}", "has no file beside the protocol")


def _read_texts(path: Path) -> tuple[dict[str, Text], dict[str, Words]]:
    table = read_table(path)
    other_words = {gender: words.rest() for gender, words in table.named("other_word").items()}
    if "unknown" not in other_words:
        raise table.refuse("other_word.unknown", "is missing")
    texts = {name: read_text(name, each) for name, each in table.named("text").items()}
    table.done()
    return texts, other_words


def _read_rows(path: Path, key: str, read: Callable[[Table], _T]) -> tuple[_T, ...]:
    table = read_table(path)
    rows = tuple(read(each) for each in table.tables(key))
    table.done()
    return rows


def _by_name(rows: Iterable[_T], file: str) -> dict[str, _T]:
    named: dict[str, _T] = {}
    for row in rows:
        if row.name in named:
            raise LibraryRefused(file, row.name, "is there twice")
        named[row.name] = row
    return named

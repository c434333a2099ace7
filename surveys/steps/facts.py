"""What the wording of a questionnaire may know about a person: genders, the chosen word, the wave, the recall window.

Nothing else about a person reaches an item, and nothing of the other side is here to be known.
"""

from datetime import date

from surveys.instruments.model import Item
from surveys.instruments.wording import in_own_words
from surveys.language.catalogue import languages
from surveys.language.cyrillic import in_script
from surveys.library import Library, TextMissing
from surveys.library.recall import EARLIER, RECALL
from surveys.records.participants import Participant, Private

UNKNOWN = "unknown"


def facts_of(
    library: Library, participant: Participant, private: Private, wave: str, today: date, *, earlier_missed: bool
) -> dict[str, str]:
    """Facts by name, for `engine.start`; dates are ISO."""
    facts = {
        "wave": wave,
        "earlier_missed": "yes" if earlier_missed else "no",
        "gender": participant.gender or UNKNOWN,
        "other_gender": participant.other_gender or UNKNOWN,
        **called(library, participant.other_gender, private.other_word, participant.language),
    }
    for window, fact in ((RECALL, "window_start"), (EARLIER, "earlier_start")):
        recall = library.recall(wave, window)
        start = recall.starts(private.completed_on, today) if recall is not None else None
        if start is not None:
            facts[fact] = start.isoformat()
    return facts


def called(library: Library, gender: str | None, chosen: str | None, language: str) -> dict[str, str]:
    """What the other person is called, as facts: in `language`, and in every other one that may be asked for later."""
    facts = {"other_word": word_for(library, gender, chosen, language)}
    for each in languages():
        try:
            word = word_for(library, gender, chosen, each)
        except TextMissing:
            continue  # a language that this side's library has not: nobody is asked in it
        if word != facts["other_word"]:
            facts[in_own_words("other_word", each)] = word
    return facts


def word_for(library: Library, gender: str | None, chosen: str | None, language: str) -> str:
    """The word that was chosen, in the script of that language; the usual one where none was, or that is not sure."""
    usual = library.other_word(gender, language)
    return (chosen and in_script(chosen, usual)) or usual


def window_of(item: Item, facts: dict[str, str], today: date) -> tuple[date | None, date | None]:
    """The days that an answer is about, both included; none for an item that asks about now."""
    if item.window is None or "window_start" not in facts:
        return None, None
    start = date.fromisoformat(facts["window_start"])
    if item.window == EARLIER:
        return date.fromisoformat(facts["earlier_start"]) if "earlier_start" in facts else None, start
    return start, today

"""Which keys one side's file of an added language may have. A misspelt one is refused by name, never passed over."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from surveys.library.reading import LibraryRefused

if TYPE_CHECKING:
    from surveys.library import Library

Shape = Mapping[str, Any]
"""Key → what may stand in it; an empty one is words, and `*` stands for any key."""
_ANY: Final = "*"
_WORDS: Final[Shape] = {}
_LINE: Final = ("what", "consequence", "cost", "abroad", "sms")
_ITEM: Final = ("label", "hint", "constraint_message", "required_message")


def _all(names: Iterable[str], inside: Shape = _WORDS) -> Shape:
    return dict.fromkeys(names, inside)


def _shape(library: "Library") -> Shape:
    """An instrument may be one that the side published itself, so its names are seen by `posle form check` alone."""
    texts = _all(library.texts)
    form = {"items": {_ANY: _all(_ITEM)}, "choices": {_ANY: {_ANY: _WORDS}}}
    return {
        "reviewed": _WORDS, "text": texts, "sms": texts, "page": texts, "phone": texts, "notice": _all(library.notices),
        "other_word": _all(library.other_words), "centre": _all(library.centres), "instrument": {_ANY: form},
        "helpline": _all((line.name for line in library.helplines), _all(_LINE)),
    }  # fmt: skip


def refuse_unknown(library: "Library", place: str, data: Mapping[str, Any]) -> None:
    """LibraryRefused for the first key that this side's file cannot have."""
    _refuse(place, data, _shape(library), "")


def _refuse(place: str, data: Mapping[str, Any], shape: Shape, path: str) -> None:
    for key, value in data.items():
        if key not in shape and _ANY not in shape:
            raise LibraryRefused(
                place, f"{path}{key}", f"is no key that is known; known are {', '.join(sorted(shape))}"
            )
        inside = shape.get(key, shape.get(_ANY, _WORDS))
        if isinstance(value, dict) and inside:
            _refuse(place, value, inside, f"{path}{key}.")

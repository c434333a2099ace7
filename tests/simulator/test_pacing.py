"""The Bot API's pace, in a time that the test leads."""

import pytest

from simulator.pacing import Pacing
from simulator.refusals import Refusal


def test_a_bot_has_thirty_messages_a_second_and_a_chat_one() -> None:
    now = [0.0]
    pacing = Pacing(lambda: now[0])
    pacing.set(on=True)
    for chat in range(30):
        pacing.spend("sendMessage", 1, chat)
    with pytest.raises(Refusal, match="retry after 1"):
        pacing.spend("sendMessage", 1, 99)
    pacing.spend("sendMessage", 2, 99)
    pacing.spend("answerCallbackQuery", 1, 0)
    now[0] = 0.5
    with pytest.raises(Refusal):
        pacing.spend("sendMessage", 1, 0)
    pacing.spend("sendMessage", 1, 99)
    now[0] = 1.0
    pacing.spend("sendMessage", 1, 0)

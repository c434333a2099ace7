"""A man who went through a whole wave, so that there is a response to read."""

from tests.steps.stage import Stage


async def go_through(stage: Stage, chat: str = "11", choice: int = 0) -> str:
    """Enrol him, open the wave, press the same place of every question; the participant."""
    enrolled = await stage.enrol(case_code=f"K-{chat}", completed_on="2026-05-25")
    await stage.start(enrolled.token, chat=chat)
    for _ in range(40):
        shown = next((each for each in reversed(stage.ledger) if each.address == chat), None)
        if shown is None or not shown.buttons:
            break
        buttons = [button for row in shown.buttons for button in row]
        pick = buttons[choice if len(buttons) > 4 else 0]
        await stage.press_data(pick.data, shown, chat)
    return enrolled.participant

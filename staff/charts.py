"""Charts drawn by Altair as SVG in a child process, one at a time and kept; it must never draw what no table shows.

Run as a program it reads one JSON object on standard input and writes the SVG.
"""

import asyncio
import json
import sys
from collections import OrderedDict
from typing import Any

KEPT, PATIENCE = 32, 30.0
COLOURS = [
    "#14566f", "#d08a2c", "#1e6140", "#a3231f", "#8d99a3", "#5b4a9c", "#3fa0bf", "#7a4d00",
    "#6fae7f", "#d97f8e", "#2b3338", "#b9a3d8", "#c9c09a", "#7d2857", "#4f6fd0",
]  # fmt: skip
"""One for each way in which a wave ends or goes on: no two parts of one bar are ever alike."""
WIDE, NARROW = 380, 190
"""Of the bars, in pixels: beside another chart, and on a telephone."""
_kept: OrderedDict[str, bytes] = OrderedDict()
_turn = asyncio.Semaphore(1)
EMPTY = b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"></svg>'


async def drawn(asked_for: str) -> bytes:
    """The SVG of this JSON; an empty one where there is nothing to draw, or it could not be drawn in time."""
    if not json.loads(asked_for)["rows"]:
        return EMPTY
    async with _turn:
        if asked_for not in _kept:
            made = await _draw(asked_for)
            if not made:
                return EMPTY
            _kept[asked_for] = made
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return _kept[asked_for]


async def _draw(asked_for: str) -> bytes:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(PATIENCE):
            out, _ = await child.communicate(asked_for.encode())
    except TimeoutError:
        child.kill()
        await child.wait()
        return b""
    return out if child.returncode == 0 else b""


def svg(asked_for: dict[str, Any]) -> str:
    """Horizontal bars: the parts of each row in one bar, or one bar for each."""
    import altair as alt  # noqa: PLC0415 - a hundred megabytes that no console needs
    import vl_convert  # noqa: PLC0415

    rows, parts = asked_for["rows"], asked_for["kind"] == "parts"
    named, every = list(dict.fromkeys(row["where"] for row in rows)), list(dict.fromkeys(row["what"] for row in rows))
    narrow = asked_for["narrow"]
    y = alt.Y("where:N", sort=named, title=None, axis=alt.Axis(labelLimit=90 if narrow else 150, labelFontSize=13))
    axis = alt.Axis(labelFontSize=12, titleFontSize=13, titleFontWeight="normal", tickCount=4 if narrow else 7)
    x = alt.X("number:Q", title=asked_for["title"], axis=axis, stack="zero" if parts else None)
    if not parts:
        x = alt.X("number:Q", title=asked_for["title"], axis=axis, scale=alt.Scale(domain=[0, 100]))
    colour = alt.Color(
        "what:N", sort=every, title=None, scale=alt.Scale(domain=every, range=COLOURS[: len(every)]),
        legend=alt.Legend(orient="bottom", columns=1 if narrow else 2, labelFontSize=13, labelLimit=250),
    )  # fmt: skip
    bars = alt.Chart(alt.InlineData(values=rows)).mark_bar(stroke="white", strokeWidth=1 if parts else 0)
    chart = bars.encode(y=y, x=x, color=colour)
    if not parts:
        chart = chart.encode(yOffset=alt.YOffset("what:N", sort=every))
    sized = chart.properties(width=NARROW if narrow else WIDE, height=alt.Step(34 if parts else 16))
    return str(vl_convert.vegalite_to_svg(sized.configure_view(stroke=None).to_json()))


if __name__ == "__main__":
    sys.stdout.write(svg(json.load(sys.stdin)))

"""One chart, drawn by Altair as SVG from what the report's tables say already, and from nothing else."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import vl_convert as vlc

WIDTH, STEP = 500, 34
FONT = "Noto Sans, DejaVu Sans, sans-serif"
"""Five points a percent: a place in the picture says no more than the percent does."""


def intervals(rows: Sequence[tuple[str, float, float, float]], label: str) -> str:
    """Points with their intervals, one row each (name, share, low, high), as an SVG without a word of its own but
    `label`; the same rows give the same bytes. What is drawn is in whole percent, like what is written."""
    data = pd.DataFrame([dict(zip(_NAMES, (name, *map(_percent, three)), strict=True)) for name, *three in rows])
    order = [row[0] for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, aria=False))
    x = alt.X("low:Q", title=label, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(aria=False))
    lines = alt.Chart(data).mark_rule(strokeWidth=3, aria=False, color="#7a98a8").encode(y=y, x=x, x2="high:Q")
    points = (
        alt.Chart(data)
        .mark_point(filled=True, size=110, aria=False, color="#14566f", opacity=1)
        .encode(y=y, x="share:Q")
    )
    chart = (
        (lines + points)
        .properties(width=WIDTH, height=alt.Step(STEP))
        .configure_view(stroke=None)
        .configure_axis(labelFont=FONT, titleFont=FONT, labelFontSize=13, titleFontSize=13, titleFontWeight="normal")
    )
    return str(vlc.vegalite_to_svg(chart.to_json()))


_NAMES = ("name", "share", "low", "high")


def _percent(share: float) -> int:
    return round(100 * share)

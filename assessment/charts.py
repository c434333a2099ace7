"""One chart, drawn by Altair as SVG from what the report's tables say already, and from nothing else."""

from collections.abc import Sequence

import altair as alt
import pandas as pd
import vl_convert as vlc

WIDTH, STEP = 520, 34


def intervals(rows: Sequence[tuple[str, float, float, float]], label: str) -> str:
    """Points with their intervals, one row each (name, share, low, high), as an SVG without a word of its own but
    `label`; the same rows give the same bytes."""
    data = pd.DataFrame([{"name": n, "share": 100 * s, "low": 100 * lo, "high": 100 * hi} for n, s, lo, hi in rows])
    order = [row[0] for row in rows]
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=260))
    x = alt.X("low:Q", title=label, scale=alt.Scale(domain=[0, 100]))
    lines = alt.Chart(data).mark_rule(strokeWidth=3, color="#7a98a8").encode(y=y, x=x, x2="high:Q")
    points = alt.Chart(data).mark_point(filled=True, size=110, color="#14566f", opacity=1).encode(y=y, x="share:Q")
    chart = (lines + points).properties(width=WIDTH, height=alt.Step(STEP)).configure_view(stroke=None)
    return str(vlc.vegalite_to_svg(chart.to_json()))

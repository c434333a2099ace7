"""A Stata file is written where the first hundred people answered an item with nothing but a refusal."""

from pathlib import Path

import pandas as pd
import pyreadstat

from assessment.files import numbers_first


def test_a_number_after_a_hundred_missing_letters_is_written(tmp_path: Path) -> None:
    frame = pd.DataFrame({
        "rare": pd.Series(["a"] * 150 + [1.0], dtype="object"),
        "never": pd.Series(["b", None] + ["a"] * 149, dtype="object"),
        "who": pd.Series([str(each) for each in range(151)], dtype="object"),
    })  # fmt: skip
    ordered = numbers_first(frame)
    assert sorted(ordered["who"]) == sorted(frame["who"])
    assert ordered["rare"][list(ordered["who"]).index("150")] == 1.0
    pyreadstat.write_dta(
        ordered, str(tmp_path / "x.dta"), missing_user_values={"rare": list("abcde"), "never": list("abcde")}
    )

"""What people see of a side's settings is dull, or the side is not served."""

from pathlib import Path

import pytest

from posle.settings import BadSettings, load_settings
from posle.settings.dullness import refuse_undull
from tests.posle.conftest import Posle

SMS = """
[sms]
account_sid = "AC7f3b91c2d84e5a60b1c2d3e4f5a6b7c8"
auth_token = "9c1d7e52ab3f4860c7d1e2f3a4b5c6d7"
sender = "{sender}"
"""


@pytest.mark.parametrize("side", ["his", "hers"])
@pytest.mark.parametrize(
    ("change", "key"),
    [
        (SMS.replace("{sender}", "Podrska"), "[sms] sender"), (SMS.replace("{sender}", "POSLE"), "[sms] sender"),
        ('\n[page]\nexit_url = "https://www.victim-support.org/"\n', "[page] exit_url"),
    ],
)  # fmt: skip
def test_safety_a_side_whose_sender_or_host_is_not_dull_is_not_served_and_the_doctor_says_so(
    request: pytest.FixtureRequest, posle: Posle, side: str, change: str, key: str
) -> None:
    folder: Path = request.getfixturevalue(side)
    refuse_undull(load_settings(folder))
    file = folder / "posle.toml"
    file.write_text(file.read_text() + change)
    with pytest.raises(BadSettings, match="vocabulary"):
        refuse_undull(load_settings(folder))
    said = posle("doctor", folder)
    assert said.status == 1
    assert key in said.out
    refused = posle("serve", folder)
    assert refused.status == 1
    assert key in refused.err

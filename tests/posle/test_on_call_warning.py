"""At the start of `serve` one line says that nobody is on call, and none where somebody is."""

import logging
from pathlib import Path

import pytest

from posle.opening import opened, service_of
from posle.serving.process import warn_where_nobody_is_on_call
from surveys.rules.rota import Rota, read_rota


@pytest.mark.parametrize("somebody", [False, True])
async def test_serve_says_at_its_start_that_nobody_is_on_call(
    his: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, somebody: bool
) -> None:
    listed = {"on_call": [{"centre": "*", "name": "Ana", "phone": "+381641234567", "email": "a@x.rs", "order": 1}]}

    async def rota(*_: object) -> Rota:
        return read_rota(listed, service.zone)

    async with opened(his) as (settings, database):
        service = service_of(settings, database)
        if somebody:
            monkeypatch.setattr("posle.serving.process.rota_of", rota)
        with caplog.at_level(logging.WARNING, "posle.serving.process"):
            await warn_where_nobody_is_on_call(settings, service)
    assert [each.message.startswith("nobody is on call") for each in caplog.records] == [True] * (not somebody)

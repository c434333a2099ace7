"""Reads a call's parameters from query and body: JSON, a form, or multipart. It must never read a file part's name."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from python_multipart import MultipartParser
from python_multipart.multipart import parse_options_header

from simulator.refusals import bad

BIGGEST = 10 * 1024 * 1024


def parameters(content_type: bytes, query: bytes, body: bytes) -> tuple[Mapping[str, Any], bool]:
    """The parameters, and whether they are texts of a form. Raises `Refusal` 400."""
    kind, options = parse_options_header(content_type)
    asked = _form(query)
    if not body:
        return asked, True
    if kind == b"application/json":
        return _json(body) | asked, False
    if kind == b"multipart/form-data":
        return _multipart(options.get(b"boundary", b""), body) | asked, True
    if kind in (b"application/x-www-form-urlencoded", b""):
        return _form(body) | asked, True
    raise bad("unsupported content type")


def _json(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise bad("can't parse JSON object") from None
    if not isinstance(told, dict):
        raise bad("can't parse JSON object")
    return told


def _form(body: bytes) -> dict[str, str]:
    if not body:
        return {}
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError:
        raise bad("strings must be encoded in UTF-8") from None
    return dict(pairs)


def _multipart(boundary: bytes, body: bytes) -> dict[str, str]:
    told: dict[str, str] = {}
    part = _Part(told)
    try:
        parser = MultipartParser(boundary, {
            "on_part_begin": part.begin,
            "on_header_value": part.header,
            "on_part_data": part.data,
            "on_part_end": part.end,
        })  # fmt: skip
        parser.write(body)
        parser.finalize()
    except (ValueError, KeyError):  # the parser's own errors are ValueErrors
        raise bad("can't parse multipart/form-data") from None
    return told


class _Part:
    """One part after the other; a part's value is its text."""

    def __init__(self, told: dict[str, str]) -> None:
        self._told = told
        self.begin()

    def begin(self) -> None:
        self._head, self._body = b"", b""

    def header(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end] + b"\n"

    def data(self, data: bytes, start: int, end: int) -> None:
        self._body += data[start:end]

    def end(self) -> None:
        for line in self._head.split(b"\n"):
            options = parse_options_header(line)[1]
            if b"name" in options:
                self._told[options[b"name"].decode()] = self._body.decode()

"""Derives `twilio-spec.json` from the provider's full description: `python -m simulator.twilio_derive FULL.json`.

It keeps names, types, patterns and closed sets; it must never copy a description.
"""

import json
import sys
from pathlib import Path
from typing import Any

COMPACT = Path(__file__).with_name("twilio-spec.json")
MESSAGES = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
MESSAGE = "/2010-04-01/Accounts/{AccountSid}/Messages/{Sid}.json"
KEPT = ("type", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum", "nullable")

Json = dict[str, Any]


def derive(full: Json) -> Json:
    """The compact description."""
    schemas = full["components"]["schemas"]
    create, update = full["paths"][MESSAGES]["post"], full["paths"][MESSAGE]["post"]
    listed = full["paths"][MESSAGES]["get"]["parameters"]
    query = {"properties": {each["name"]: each["schema"] for each in listed if each["in"] == "query"}}
    return {
        "version": full["info"]["version"],
        "create": _described(_form(create), schemas),
        "update": _described(_form(update), schemas),
        "list": _described(query, schemas),
        "message": _described(schemas["api.v2010.account.message"], schemas),
    }


def _form(operation: Json) -> Json:
    return dict(operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"])


def _described(schema: Json, schemas: Json) -> Json:
    fields = {name: _field(field, schemas) for name, field in schema["properties"].items()}
    return {"fields": fields, "required": schema.get("required", [])}


def _field(field: Json, schemas: Json) -> Json:
    if "$ref" in field:
        field = schemas[field["$ref"].rpartition("/")[2]]
    return {name: field[name] for name in KEPT if name in field}


def main(arguments: list[str]) -> None:
    """Write the compact description beside this file."""
    compact = derive(json.loads(Path(arguments[0]).read_text()))
    COMPACT.write_text(json.dumps(compact, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

"""What pydantic says of a value that cannot be, as sentences that can be translated; in English they stay its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from models.sentences import said, say


def fault_text(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value.

    Args:
        fault: an entry of `ValidationError.errors()`.

    Returns:
        A sentence without a stop; of faults that files seldom have pydantic's own words, in English.
    """
    text, context = str(fault["msg"]), fault.get("ctx", {})
    sentence = _sentence(str(fault["type"]), context)
    return text if sentence is None or sentence != text else sentence


def _sentence(kind: str, context: Mapping[str, Any]) -> str | None:
    match kind:
        case "missing":
            return say("Field required")
        case "greater_than_equal":
            return say("Input should be greater than or equal to {limit}", limit=_number(context["ge"]))
        case "greater_than":
            return say("Input should be greater than {limit}", limit=_number(context["gt"]))
        case "less_than_equal":
            return say("Input should be less than or equal to {limit}", limit=_number(context["le"]))
        case "less_than":
            return say("Input should be less than {limit}", limit=_number(context["lt"]))
        case "literal_error":
            return say("Input should be {expected}", expected=context["expected"])
        case "int_parsing":
            return say("Input should be a valid integer, unable to parse string as an integer")
        case "float_parsing":
            return say("Input should be a valid number, unable to parse string as a number")
        case "bool_parsing":
            return say("Input should be a valid boolean, unable to interpret input")
        case "int_type":
            return say("Input should be a valid integer")
        case "float_type":
            return say("Input should be a valid number")
        case "bool_type":
            return say("Input should be a valid boolean")
        case "string_type":
            return say("Input should be a valid string")
        case "finite_number":
            return say("Input should be a finite number")
        case "value_error" if isinstance(context.get("error"), Exception):
            return say("Value error, {fault}", fault=said(context["error"]))
        case _:
            return None


def _number(limit: Any) -> Any:
    """A limit as pydantic writes it: 1.0 is 1."""
    return int(limit) if isinstance(limit, float) and limit.is_integer() else limit

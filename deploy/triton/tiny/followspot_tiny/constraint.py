"""Which texts a constrained answer may begin with: a choice, or JSON of a schema."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

_NUMBER = re.compile(r"-?(0|[1-9]\d{0,5})")
_STRING = re.compile(r'"[^"\\\x00-\x1f]*"')


class Constraint(Protocol):
    """What may be written."""

    def begins(self, text: str) -> bool:
        """Whether some allowed answer begins so."""
        ...

    def complete(self, text: str) -> bool:
        """Whether this is an allowed answer."""
        ...


class Choice:
    """One of several texts."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts

    def begins(self, text: str) -> bool:
        return any(known.startswith(text) for known in self._texts)

    def complete(self, text: str) -> bool:
        return text in self._texts


class Json:
    """JSON of a schema: arrays, objects with their properties in order, enums, strings, numbers, booleans."""

    def __init__(self, schema: Mapping[str, Any] | str) -> None:
        self._schema = json.loads(schema) if isinstance(schema, str) else schema

    def begins(self, text: str) -> bool:
        match = _match(self._schema, text, 0)
        return match.open or len(text) in match.ends

    def complete(self, text: str) -> bool:
        return len(text) in _match(self._schema, text, 0).ends


def constraint_of(setting: Mapping[str, Any]) -> Constraint | None:
    """:raises ValueError: for a kind that this stand-in does not know"""
    if not setting:
        return None
    (kind, value), *_ = setting.items()
    if kind == "choice":
        return Choice(list(value))
    if kind == "json":
        return Json(value)
    raise ValueError(f"this stand-in for vLLM constrains by choice and by json, not by {kind}")


@dataclass(frozen=True)
class _Match:
    ends: frozenset[int] = frozenset()
    """Where a whole value can end."""
    open: bool = False
    """Whether the text ended within one that could go on."""

    def __or__(self, other: "_Match") -> "_Match":
        return _Match(self.ends | other.ends, self.open or other.open)


def _match(schema: Mapping[str, Any], text: str, at: int) -> _Match:
    if "enum" in schema:
        return _any(_literal(json.dumps(value), text, at) for value in schema["enum"])
    match schema.get("type"):
        case "array":
            return _array(schema, text, at)
        case "object":
            return _object(schema, text, at)
        case "integer" | "number":
            return _pattern(_NUMBER, text, at, partial=r"-?\d{0,5}")
        case "string":
            return _pattern(_STRING, text, at, partial=r'"[^"\\\x00-\x1f]*')
        case "boolean":
            return _any(_literal(word, text, at) for word in ("true", "false"))
    raise ValueError(f"this stand-in for vLLM does not know the schema {json.dumps(schema)[:80]}")


def _array(schema: Mapping[str, Any], text: str, at: int) -> _Match:
    opened = _literal("[", text, at)
    done = _Match(open=opened.open)
    least, most = schema.get("minItems", 0), schema.get("maxItems", 64)
    places = opened.ends
    for count in range(most + 1):
        if count >= least:
            done |= _then(places, text, "]")
        if count == most or not places:
            break
        starts = places
        if count:
            comma = _then(places, text, ", ") | _then(places, text, ",")
            done |= _Match(open=comma.open)
            starts = comma.ends
        items = _any(_match(schema.get("items", {}), text, place) for place in starts)
        done |= _Match(open=items.open)
        places = items.ends
    return done


def _object(schema: Mapping[str, Any], text: str, at: int) -> _Match:
    opened = _literal("{", text, at)
    places, is_open = opened.ends, opened.open
    for count, (name, part) in enumerate(schema.get("properties", {}).items()):
        key = f"{json.dumps(name)}: " if count == 0 else f", {json.dumps(name)}: "
        named = _then(places, text, key)
        values = _any(_match(part, text, place) for place in named.ends)
        is_open = is_open or named.open or values.open
        places = values.ends
    return _then(places, text, "}") | _Match(open=is_open)


def _then(places: frozenset[int], text: str, literal: str) -> _Match:
    return _any(_literal(literal, text, place) for place in places)


def _literal(literal: str, text: str, at: int) -> _Match:
    rest = text[at:]
    if rest.startswith(literal):
        return _Match(ends=frozenset({at + len(literal)}))
    return _Match(open=literal.startswith(rest))


def _pattern(pattern: re.Pattern[str], text: str, at: int, partial: str) -> _Match:
    found = pattern.match(text, at)
    ends = frozenset({found.end()}) if found else frozenset()
    return _Match(ends, open=at == len(text) or re.fullmatch(partial, text[at:]) is not None)


def _any(matches: Any) -> _Match:
    result = _Match()
    for match in matches:
        result |= match
    return result

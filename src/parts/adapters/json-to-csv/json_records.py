"""Turns one line of JSON into the cells of one CSV row, without changing what the app wrote."""

import json
from json.encoder import encode_basestring

# Parsing needs some 100 bytes for each value: a hostile line must not take the memory of the whole container.
MAX_VALUES = 50_000
SHORT_LINE = 64 * 1024


class Malformed(ValueError):
    """A line that is not one JSON object. The message says why, without the line itself."""


class Number(str):
    """A number as it was written. Floating point would change 12345678901234567890 and 1.10."""

    __slots__ = ()


def _reject_constant(name):
    raise Malformed(f"{name} is not JSON")


_parse = json.JSONDecoder(parse_int=Number, parse_float=Number, parse_constant=_reject_constant).raw_decode


def parse_line(line):
    """The object on a line, or None for a blank line."""
    try:
        text = line.decode("utf-8").strip(" \t\r\n")
        if not text:
            return None
        if len(text) > SHORT_LINE:
            _check_number_of_values(text)
        record, end = _parse(text)
    except UnicodeDecodeError as error:
        raise Malformed(f"invalid UTF-8 at byte {error.start + 1}") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise Malformed("nested too deeply") from None
    if end != len(text):
        raise Malformed(f"more text after the JSON value at column {end + 1}")
    if type(record) is not dict:
        raise Malformed("not a JSON object")
    return record


def _check_number_of_values(text):
    if _count_values(text) <= MAX_VALUES:
        return
    # Not all of that is structure: long texts have commas, too. Without escapes every quote begins or ends a string.
    plain = text.replace("\\\\", "").replace('\\"', "")
    if plain.count('"') > 4 * MAX_VALUES or _count_values("".join(plain.split('"')[::2])) > MAX_VALUES:
        raise Malformed(f"more than {MAX_VALUES} values")


def _count_values(text):
    return text.count(",") + text.count("[") + text.count("{")


def row_maker(columns):
    """Returns the function that picks the cells of one row out of an object."""
    pickers = [_picker(column["path"], cell(column.get("default"))) for column in columns]

    def make_row(record):
        try:
            return [pick(record) for pick in pickers]
        except RecursionError:
            raise Malformed("nested too deeply") from None

    return make_row


def _picker(path, default):
    first, *others = path

    def pick_top(record):
        value = record.get(first, default)
        return value if type(value) is str else cell(value)

    def pick_nested(record):
        value = record
        for step in path:
            if type(value) is dict and isinstance(step, str) and step in value:
                value = value[step]
            elif type(value) is list and isinstance(step, int) and 0 <= step < len(value):
                value = value[step]
            else:
                return default
        return cell(value)

    return pick_nested if others or not isinstance(first, str) else pick_top


def cell(value):
    """The text of one value: null is empty, objects and arrays stay compact JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return compact_json(value)


def compact_json(value):
    """JSON text that keeps every number as it was written, which json.dumps cannot."""
    if type(value) is dict:
        members = [encode_basestring(key) + ":" + compact_json(member) for key, member in value.items()]
        return "{" + ",".join(members) + "}"
    if type(value) is list:
        return "[" + ",".join([compact_json(member) for member in value]) + "]"
    if type(value) is str:
        return encode_basestring(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)

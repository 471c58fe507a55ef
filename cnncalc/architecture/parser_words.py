"""What parsers of YAML, JSON and TOML say most often, so that it can be translated."""

from __future__ import annotations

from ..language import Text

REASONS = (
    Text("mapping values are not allowed in this context"),
    Text("could not find expected ':'"),
    Text("did not find expected key"),
    Text("did not find expected ',' or ']'"),
    Text("did not find expected ',' or '}'"),
    Text("did not find expected '-' indicator"),
    Text("did not find expected node content"),
    Text("did not find expected alphabetic or numeric character"),
    Text("found character that cannot start any token"),
    Text("found undefined alias"),
    Text("found unexpected end of stream"),
    Text("found unexpected document indicator"),
    Text("block sequence entries are not allowed in this context"),
    Text("found a tab character that violates indentation"),
    Text("did not find expected <document start>"),
    Text("Expecting value"),
    Text("Expecting ',' delimiter"),
    Text("Expecting ':' delimiter"),
    Text("Expecting property name enclosed in double quotes"),
    Text("Illegal trailing comma before end of object"),
    Text("Illegal trailing comma before end of array"),
    Text("Extra data"),
    Text("Unterminated string starting at"),
    Text("Invalid control character at"),
    Text("Invalid value"),
    Text("Invalid statement"),
    Text("Cannot overwrite a value"),
    Text("Unclosed array"),
    Text("Expected '=' after a key in a key/value pair"),
    Text("Expected newline or end of document after a statement"),
)


def reason(message: str) -> Text:
    """A parser's message; one that is not among `REASONS` stays English."""
    return Text(message)

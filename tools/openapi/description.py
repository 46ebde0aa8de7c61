"""Discord's description of its API, asked whether a request fits."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import unquote

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from tools.openapi.requests import Request
from tools.openapi.schemas import closed

_METHODS: Final = ("get", "put", "post", "patch", "delete")
_URI: Final = "urn:discord"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A path or query parameter; `pointer` leads to its schema in the description."""

    name: str
    place: str
    required: bool
    pointer: str


@dataclass(frozen=True, slots=True)
class Operation:
    """A method on a path template; `body` is the JSON pointer to the schema of its JSON body, if any."""

    name: str
    method: str
    template: str
    pattern: re.Pattern[str]
    parameters: tuple[Parameter, ...]
    body: str | None
    body_required: bool

    def __str__(self) -> str:
        return f"{self.method.upper():6} {self.template} ({self.name})"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The operation that a request was meant for, if any, and what does not fit (nothing: it fits)."""

    operation: Operation | None
    problems: tuple[str, ...]


class Description:
    """Discord's OpenAPI 3.1 document, ready to judge requests."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        tightened = closed(document)
        # Literal paths first: /users/@me is not the user named "@me".
        self._operations = sorted(_operations(tightened), key=lambda operation: operation.template.count("{"))
        resource = DRAFT202012.create_resource(tightened)
        registry: Registry[Any] = Registry().with_resource(_URI, resource)

        @cache
        def validator(pointer: str) -> Draft202012Validator:
            return Draft202012Validator({"$ref": f"{_URI}#{pointer}"}, registry=registry)

        self._validator = validator

    def judge(self, request: Request) -> Verdict:
        """Find the request's operation and everything about the request that breaks it."""
        for operation in self._operations:
            if operation.method == request.method.lower() and (found := operation.pattern.fullmatch(request.path)):
                segments = {name: unquote(value) for name, value in found.groupdict().items()}
                problems = (
                    *self._path_problems(operation, segments),
                    *self._query_problems(operation, request.query),
                    *self._body_problems(operation, request.body),
                )
                return Verdict(operation, problems)
        return Verdict(None, ("no such operation",))

    def _path_problems(self, operation: Operation, segments: Mapping[str, str]) -> Iterator[str]:
        for parameter in operation.parameters:
            if parameter.place == "path" and not self._fits(parameter.pointer, [segments[parameter.name]]):
                yield f"path: {parameter.name} cannot be {segments[parameter.name]!r}"

    def _query_problems(self, operation: Operation, query: Mapping[str, list[str]]) -> Iterator[str]:
        known = {parameter.name: parameter for parameter in operation.parameters if parameter.place == "query"}
        for name, values in query.items():
            if name not in known:
                yield f"query: {name} is unknown"
            elif not self._fits(known[name].pointer, values):
                yield f"query: {name} cannot be {', '.join(values)!r}"
        for name, parameter in known.items():
            if parameter.required and name not in query:
                yield f"query: {name} is missing"

    def _body_problems(self, operation: Operation, body: object) -> Iterator[str]:
        if body is None:
            if operation.body_required:
                yield "body: missing"
        elif operation.body is None:
            yield "body: this operation takes none"
        elif error := best_match(self._validator(operation.body).iter_errors(body)):
            closest = _closest(error)
            yield f"body: {closest.json_path}: {closest.message}"

    def _fits(self, pointer: str, values: list[str]) -> bool:
        """On the wire everything is text: enough if some reading of it fits the schema."""
        validator = self._validator(pointer)
        return any(validator.is_valid(reading) for reading in _readings(values))


def _closest(error: ValidationError) -> ValidationError:
    """Of a union that nothing fits: the complaint of the alternative that was meant, as far as one can tell.

    The alternatives differ in the value or type of one field: another complaint, or a deeper one, tells more.
    """
    if not error.context:
        return error
    return max(
        map(_closest, error.context),
        key=lambda leaf: (len(leaf.absolute_path), leaf.validator not in {"const", "enum", "type"}),
    )


def _readings(values: list[str]) -> Iterator[object]:
    yield values
    if len(values) == 1:
        text = values[0]
        yield text
        if re.fullmatch(r"-?\d+", text):
            yield int(text)
        if text in {"true", "false", "0", "1"}:
            yield text in {"true", "1"}


def _operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    for template, item in document["paths"].items():
        base = f"/paths/{_escaped(template)}"
        pattern = re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template)))
        shared = list(_parameters(item, base))
        for method in _METHODS:
            if method not in item:
                continue
            described = item[method]
            pointer = f"{base}/{method}"
            body = described.get("requestBody", {})
            has_json = "application/json" in body.get("content", {})
            yield Operation(
                name=described["operationId"],
                method=method,
                template=template,
                pattern=pattern,
                parameters=(*shared, *_parameters(described, pointer)),
                body=f"{pointer}/requestBody/content/application~1json/schema" if has_json else None,
                body_required=bool(body.get("required", False)),
            )


def _parameters(holder: Mapping[str, Any], pointer: str) -> Iterator[Parameter]:
    for index, parameter in enumerate(holder.get("parameters", ())):
        yield Parameter(
            name=parameter["name"],
            place=parameter["in"],
            required=bool(parameter.get("required", False)),
            pointer=f"{pointer}/parameters/{index}/schema",
        )


def _escaped(key: str) -> str:
    """A key as one step of a JSON pointer inside a URI fragment (RFC 6901, sections 3 and 6)."""
    return key.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")

"""`tools.openapi`: recorded requests against a description with the traits of Discord's."""

import json
from pathlib import Path
from typing import Any

import pytest

from tools.openapi.__main__ import check, main
from tools.openapi.description import Description

SNOWFLAKE = {"$ref": "#/components/schemas/Snowflake"}
MESSAGE = {"$ref": "#/components/schemas/Message"}


def operation(name: str, body: object = None, **more: object) -> dict[str, object]:
    described: dict[str, object] = {"operationId": name, "responses": {}, **more}
    if body is not None:
        described["requestBody"] = {"content": {"application/json": {"schema": body}}, "required": True}
    return described


def parameter(name: str, place: str, schema: object, *, required: bool = False) -> dict[str, object]:
    return {"name": name, "in": place, "schema": schema, "required": required}


DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "paths": {
        "/users/{user_id}": {
            "parameters": [parameter("user_id", "path", SNOWFLAKE, required=True)],
            "get": operation("get_user"),
        },
        "/users/@me": {"get": operation("get_my_user")},
        "/channels/{channel_id}/messages": {
            "parameters": [parameter("channel_id", "path", SNOWFLAKE, required=True)],
            "get": operation(
                "list_messages",
                parameters=[
                    parameter("limit", "query", {"type": "integer", "maximum": 100}),
                    parameter("pinned", "query", {"type": "boolean"}),
                    parameter("after", "query", SNOWFLAKE, required=True),
                ],
            ),
            "post": operation("create_message", MESSAGE),
        },
        "/callback": {
            "post": operation(
                "answer",
                {
                    "anyOf": [
                        {"$ref": "#/components/schemas/AnswerByMessage"},
                        {"$ref": "#/components/schemas/AnswerByPong"},
                    ]
                },
            )
        },
        "/answer": {
            "patch": operation("edit_answer", {"$ref": "#/components/schemas/IncomingWebhookUpdateRequestPartial"})
        },
        "/commands": {"post": operation("create_command", {"$ref": "#/components/schemas/Command"})},
    },
    "components": {
        "schemas": {
            "Snowflake": {"type": "string", "pattern": "^[0-9]+$"},
            "Embed": {"type": "object", "properties": {"color": {"type": ["integer", "null"]}}},
            "Message": {
                "type": "object",
                "properties": {
                    "content": {"type": ["string", "null"], "maxLength": 5},
                    "embeds": {"type": "array", "items": {"$ref": "#/components/schemas/Embed"}},
                    "labels": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
                },
            },
            "IncomingWebhookUpdateRequestPartial": {
                "type": "object",
                "properties": {"content": {"type": "string"}},
            },
            "AnswerByMessage": {
                "type": "object",
                "properties": {"type": {"enum": [4]}, "data": MESSAGE},
                "required": ["type"],
            },
            "AnswerByPong": {"type": "object", "properties": {"type": {"enum": [1]}}, "required": ["type"]},
            "Command": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "default_member_permissions": {"type": "integer"}},
                "required": ["name"],
            },
        }
    },
}


def line(method: str, path: str, **more: object) -> str:
    return json.dumps({"method": method, "path": f"/api/v10{path}", **more})


FITTING = {
    "without the version in front": json.dumps({"method": "GET", "path": "/users/7"}),
    "a literal path before a template": line("GET", "/users/@me"),
    "query as an object": line("GET", "/channels/1/messages", query={"after": 5, "limit": 100, "pinned": True}),
    "query as text": line("GET", "/channels/1/messages", query="?after=5&pinned=1"),
    "query in the path": line("GET", "/channels/1/messages?after=5&limit=3", query=None),
    "a body": line("POST", "/channels/1/messages", body={"content": "hello", "embeds": [{"color": 1}]}),
    "an object that says what else it holds": line("POST", "/channels/1/messages", body={"labels": {"a": "b"}}),
    "one alternative of a union": line("POST", "/callback", body={"type": 4, "data": {"content": "x"}}),
    "an edit as nextcord sends it": line("PATCH", "/answer", body={"content": "x", "tts": False}),
    "permissions as Discord takes them": line(
        "POST", "/commands", body={"name": "a", "type": 1, "nsfw": False, "default_member_permissions": "268435456"}
    ),
}

MISFITS = {
    "unknown path": (line("GET", "/users/7/friends"), "no such operation"),
    "unknown method": (line("DELETE", "/users/7"), "no such operation"),
    "an id that is none": (line("GET", "/users/alice"), "user_id cannot be 'alice'"),
    "query out of range": (line("GET", "/channels/1/messages?after=5&limit=101"), "limit cannot be '101'"),
    "query of another type": (line("GET", "/channels/1/messages?after=5&pinned=2"), "pinned cannot be '2'"),
    "unknown query": (line("GET", "/channels/1/messages?after=5&page=2"), "page is unknown"),
    "missing query": (line("GET", "/channels/1/messages"), "after is missing"),
    "missing body": (line("POST", "/channels/1/messages", body=None), "body: missing"),
    "a body where none goes": (line("GET", "/users/7", body={"a": 1}), "takes none"),
    "too long a text": (line("POST", "/channels/1/messages", body={"content": "hello!"}), "$.content: 'hello!' is too"),
    "a misspelt field": (
        line("POST", "/channels/1/messages", body={"embeds": [{"colour": 1}]}),
        "$.embeds[0]: Additional properties are not allowed ('colour'",
    ),
    "a fault inside a union": (
        line("POST", "/callback", body={"type": 4, "data": {"contents": "x"}}),
        "$.data: Additional properties are not allowed ('contents'",
    ),
    "an edit to be read aloud": (line("PATCH", "/answer", body={"tts": True}), "$.tts: False was expected"),
    "permissions as a number": (
        line("POST", "/commands", body={"name": "a", "default_member_permissions": 8}),
        "$.default_member_permissions: 8 is not of type",
    ),
    "not JSON": ("{", "not a request"),
    "no path": ('{"method": "GET"}', "not a request"),
}


@pytest.fixture(scope="module")
def description() -> Description:
    return Description(DOCUMENT)


@pytest.mark.parametrize("recorded", FITTING.values(), ids=FITTING)
def test_a_fitting_request_is_counted(description: Description, recorded: str) -> None:
    fitting, misfits = check(description, [recorded])
    assert (fitting.total(), misfits) == (1, [])


@pytest.mark.parametrize(("recorded", "complaint"), MISFITS.values(), ids=MISFITS)
def test_a_misfit_is_named_with_its_line(description: Description, recorded: str, complaint: str) -> None:
    fitting, misfits = check(description, ["\n", recorded])
    assert fitting.total() == 0
    assert len(misfits) == 1
    assert misfits[0].startswith("line 2: ")
    assert complaint in misfits[0]


@pytest.fixture
def document_file(tmp_path: Path) -> Path:
    written = tmp_path / "openapi.json"
    written.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    return written


def test_prints_how_often_each_operation_was_used(
    document_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    requests = tmp_path / "requests.jsonl"
    requests.write_text("\n".join(FITTING.values()), encoding="utf-8")
    assert main([str(document_file), str(requests)]) == 0
    printed = capsys.readouterr().out
    assert "3  GET    /channels/{channel_id}/messages (list_messages)" in printed
    assert "1  GET    /users/@me (get_my_user)" in printed
    assert f"{len(FITTING)} requests fit, 0 problems" in printed


@pytest.mark.parametrize("content", ["", "\n\n", MISFITS["missing body"][0]], ids=["empty", "blank", "a misfit"])
def test_fails_on_misfits_and_on_nothing_to_check(document_file: Path, tmp_path: Path, content: str) -> None:
    requests = tmp_path / "requests.jsonl"
    requests.write_text(content, encoding="utf-8")
    assert main([str(document_file), str(requests)]) == 1


def test_wrong_use_has_its_own_exit_code(document_file: Path, tmp_path: Path) -> None:
    assert main([]) == 2
    assert main([str(document_file), str(tmp_path / "missing.jsonl")]) == 2

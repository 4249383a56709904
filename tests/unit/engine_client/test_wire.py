"""Whatever JSON an engine sends: a value of ours, or a typed error."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import (
    ContextExceededError,
    EngineFaultError,
    EngineRequestError,
    EngineUnavailableError,
    HearthError,
)
from assistant.domain.generation import GenerationOptions
from assistant.engine_client.wire import (
    JsonObject,
    completion_body,
    error_of,
    error_of_response,
    generation_done,
    loaded_info,
    prompt_read,
)

FIELDS = st.sampled_from(
    ["code", "type", "message", "n_ctx", "n_prompt_tokens", "needed_bytes", "total", "seed", "meta"]
)
CODES = st.sampled_from(["busy", "model_file", "out_of_memory", "exceed_context_size_error"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | CODES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=8,
)


@given(st.dictionaries(FIELDS, VALUES))
def test_foreign_values_give_typed_errors_only(values: dict[str, object]) -> None:
    fields = JsonObject(values)
    for read in (loaded_info, prompt_read, lambda it: generation_done("stop", it, it)):
        with suppress(HearthError):
            read(fields)
    with suppress(HearthError):
        assert isinstance(error_of(fields, "m"), HearthError)


@given(st.integers(200, 599), st.binary() | VALUES.map(lambda it: json.dumps(it).encode()))
def test_every_refusal_is_a_typed_error(status: int, body: bytes) -> None:
    with suppress(HearthError):
        assert isinstance(error_of_response(status, body, "m", "soon"), HearthError)


@pytest.mark.parametrize("body", [b"[1]", b"{", b"\xff", b"7", b"[" * 100_000])
def test_what_is_no_object_is_the_engines_fault(body: bytes) -> None:
    with pytest.raises(EngineFaultError):
        JsonObject.parse(body)


@pytest.mark.parametrize(
    "error",
    [
        {"type": "exceed_context_size_error", "code": 400, "n_prompt_tokens": 9, "n_ctx": 8},
        {"type": "x", "code": "context_exceeded", "n_prompt_tokens": 9, "n_ctx": 8},
    ],
)
def test_llama_servers_form_of_a_full_context_is_known(error: dict[str, object]) -> None:
    mapped = error_of(JsonObject(error), "m")
    assert isinstance(mapped, ContextExceededError)
    assert mapped.params == {"prompt_tokens": 9, "context_tokens": 8}


def test_statuses_without_a_known_code() -> None:
    assert isinstance(error_of_response(401, b"", "m"), EngineUnavailableError)
    assert isinstance(error_of_response(413, b"", "m"), EngineRequestError)
    assert "HTTP 500" in error_of_response(500, b"<html>", "m").message


@pytest.mark.parametrize("value", ["Infinity", "-Infinity", "NaN", "1e999", "9" * 400])
def test_numbers_beyond_all_sense_are_the_engines_fault(value: str) -> None:
    with pytest.raises(EngineFaultError):
        loaded_info(JsonObject.parse(f'{{"n_ctx": {value}}}'))


def test_options_that_are_not_set_are_not_sent() -> None:
    body = completion_body("m", "x", GenerationOptions(temperature=0, stop=("end",)))
    assert body["temperature"] == 0
    assert body["stop"] == ("end",)
    assert not {"top_p", "seed", "max_tokens"} & set(body)

"""Exit codes and the sentences that go with them."""

import inspect

import pytest

from comfy_cloud import ApiError, ComfyCloud, FilterError, FilterIgnoredError, errors, tag
from comfy_cloud.cli.exits import EXITS, AssetMissingError, FlagError, code_of, sentence, told
from comfy_cloud.sandbox import Sandbox
from comfy_cloud.testing import InstantClock

CODES = {
    "AuthenticationError": 3,
    "PermissionDeniedError": 3,
    "SubscriptionInactiveError": 3,
    "NotFoundError": 4,
    "ApiConnectionError": 5,
    "ApiTimeoutError": 5,
    "WalkDeadlineError": 5,
    "CallDeadlineError": 5,
    "ServerError": 5,
    "RateLimitError": 5,
    "RedirectError": 5,
    "ConfigurationError": 2,
    "FilterError": 2,
    "ParameterError": 2,
    "BadRequestError": 2,
    "FilterIgnoredError": 6,
    "PaginationError": 6,
    "ResponseError": 6,
    "UnexpectedStatus": 6,
    "DecodeError": 6,
    "ResponseTooLargeError": 6,
    "ApiError": 1,
    "StatusError": 1,
    "ConflictError": 1,
    "ResultError": 1,
    "ModelError": 1,
}


def test_every_error_of_the_library_has_a_code_that_somebody_thought_of() -> None:
    """A new error fails this until it stands in the list."""
    kinds = {name: kind for name, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, ApiError)}
    assert CODES == {name: code_of(kind.__new__(kind)) for name, kind in kinds.items()}


def test_the_codes_of_what_is_no_api_error() -> None:
    """A closed pipe is no failure, Ctrl-C is 130, and what nobody thought of is 1."""
    found = [BrokenPipeError(), OSError(), FlagError(), AssetMissingError(), KeyboardInterrupt(), KeyError("x")]
    assert [0, 1, 2, 4, 130, 1] == [code_of(error) for error in found]


def test_each_code_is_told_once() -> None:
    """In the help, with its meaning."""
    assert [each.code for each in EXITS] == [int(line.split()[0]) for line in told().splitlines()]
    assert len(EXITS) == len({each.code for each in EXITS})


def test_what_a_defect_says_is_not_repeated() -> None:
    """It may hold anything, a key among it."""
    assert "This is a defect (KeyError); run it again with --debug, and report what it shows." == sentence(
        KeyError("canary-key-0123456789")
    )


def test_sentences_are_one_line_and_harmless() -> None:
    """A server's words may hold escape sequences."""
    assert r"\x1b[2J bad\nthing" == sentence(ApiError("\x1b[2J bad\nthing"))
    assert "The system refuses x: No such file or directory." == sentence(
        FileNotFoundError(2, "No such file or directory", "x")
    )
    assert ["", ""] == [sentence(KeyboardInterrupt()), sentence(BrokenPipeError())]


def test_advice_is_in_flags_and_not_in_python() -> None:
    """Each phrase of the library that names an argument, as the library says it today."""
    said = []
    for options in (
        {"base_url": "https://elsewhere.example"},
        {"base_url": "http://elsewhere.example", "api_key": "k"},
    ):
        with pytest.raises(errors.ConfigurationError) as refused:
            ComfyCloud(**{"api_key": None, **options})  # type: ignore[arg-type] # texts, or None
        said.append(sentence(refused.value))
    with Sandbox.seeded(5, faults="ignore=include_tags") as box:
        options = {"base_url": "http://127.0.0.1", "api_key": box.key, "clock": InstantClock()}
        with ComfyCloud(transport=box.transport(), **options) as comfy:  # type: ignore[arg-type] # by keyword
            with pytest.raises(FilterIgnoredError) as ignored:
                comfy.assets.where(tag("nothing has it")).to_list()
            with pytest.raises(FilterError) as comma:
                comfy.assets.where(tag("a") | tag("b"))
    said += [sentence(ignored.value), sentence(comma.value), sentence(errors.ApiTimeoutError("Late; raise timeout_s."))]
    flags = ["use --api-key-file", "use --allow-http", "use --here, or --no-verify", "use --here,", "raise --timeout"]
    assert [True] * len(flags) == [flag in text for flag, text in zip(flags, said, strict=True)], said

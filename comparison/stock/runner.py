"""A runner of the vectors for what openapi-python-client makes of the document: `requests` and `responses`.

    python runner.py FOLDER_OF_THE_PACKAGE

It translates and mends nothing: what the generated client gives is told in the words of the vectors. Where the client
is silent, so is the runner.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from inspect import signature
from typing import Any, Final

import httpx

_PACKAGE: Final = "stock"
_MODULES: Final = {"listAssets": "list_assets", "listTags": "list_tags"}
_ENUMS: Final = {
    ("listAssets", "sort"): "ListAssetsSort",
    ("listAssets", "order"): "ListAssetsOrder",
    ("listTags", "order"): "ListTagsOrder",
}
_KINDS: Final = {
    400: "bad_request",
    401: "authentication",
    403: "permission_denied",
    404: "not_found",
    409: "conflict",
    410: "not_found",
    412: "conflict",
    422: "bad_request",
    429: "rate_limit",
}
_FIRST_ERROR: Final = 400
_FIRST_OF_SERVERS: Final = 500


class Outcome:
    """What a call came to: what the generated function returned or raised, and the response that its hook saw."""

    def __init__(self) -> None:
        self.given: Any = None
        self.raised: Exception | None = None
        self.response: httpx.Response | None = None

    def see(self, response: httpx.Response) -> None:
        """Keep the response: a hook of httpx."""
        self.response = response


def called(task: dict[str, Any]) -> Outcome:
    """Call the operation of a task."""
    given, outcome = task["input"], Outcome()
    function = importlib.import_module(f"{_PACKAGE}.api.asset.{_MODULES[given['operation']]}").sync_detailed
    with client_of(given, outcome) as client:
        try:
            outcome.given = function(client=client, **arguments_of(given, function))
        except Exception as error:  # noqa: BLE001 - whatever the generated code raises is its answer
            outcome.raised = error
    return outcome


def arguments_of(given: dict[str, Any], function: Callable[..., Any]) -> dict[str, Any]:
    """The arguments with their enums, and UNSET for all others, as the function would send their defaults."""
    models, unset = importlib.import_module(f"{_PACKAGE}.models"), importlib.import_module(f"{_PACKAGE}.types").UNSET
    arguments = dict.fromkeys(signature(function).parameters.keys() - {"client"}, unset)
    for name, value in given.get("arguments", {}).items():
        enum = _ENUMS.get((given["operation"], name))
        arguments[name] = getattr(models, enum)(value) if enum else value
    return arguments


def client_of(given: dict[str, Any], outcome: Outcome) -> Any:  # noqa: ANN401 - a class that is generated
    """A client as its user makes it, who has to say what the document says of the key."""
    package = importlib.import_module(_PACKAGE)
    hooks = {"event_hooks": {"response": [outcome.see]}}
    if given["api_key"] is None:
        return package.Client(base_url=given["base_url"], httpx_args=hooks)
    key = {"token": given["api_key"], "prefix": "", "auth_header_name": "X-API-Key"}
    return package.AuthenticatedClient(base_url=given["base_url"], httpx_args=hooks, **key)


def request(outcome: Outcome) -> dict[str, Any]:
    """Whether it was sent; the host sees the request. An exception before that is an accident, and no refusal."""
    return {} if outcome.response else {"unsupported": f"it raised {outcome.raised!r}"}


def response(outcome: Outcome) -> dict[str, Any]:
    """What the answer was read as. Whatever is raised at a success counts as `decode`, which flatters the client."""
    if outcome.response is None:
        return {"error": {"kind": "connection"}}
    status = outcome.response.status_code
    if outcome.raised and status >= _FIRST_ERROR:
        return {"error": {"kind": type(outcome.raised).__name__}}
    if outcome.raised:
        return {"error": {"kind": "decode", "status": status}}
    parsed = outcome.given.parsed
    if status >= _FIRST_ERROR:
        return {"error": failure(parsed, status)}
    return {"value": parsed.to_dict() if hasattr(parsed, "to_dict") else parsed}


def failure(parsed: Any, status: int) -> dict[str, Any]:  # noqa: ANN401 - a class that is generated, or None
    """The generated type of an error has a code and a message; the kind is only the name of its status."""
    kind = _KINDS.get(status) or ("server" if status >= _FIRST_OF_SERVERS else "status")
    return {
        "kind": kind,
        "status": status,
        "code": getattr(parsed, "code", ""),
        "message": getattr(parsed, "message", ""),
    }


def main(folder: str) -> None:
    """Answer each line of the standard input with one on the standard output."""
    sys.path.insert(0, folder)
    answers = {"requests": request, "responses": response}
    for line in sys.stdin:
        task = json.loads(line)
        does = answers.get(task["family"])
        said = does(called(task)) if does else {"unsupported": f"this runner does not do {task['family']}"}
        sys.stdout.write(f"{json.dumps(said)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])

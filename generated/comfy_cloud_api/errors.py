# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""The errors of this package: one tree, which packages built on it extend.

ApiError
└── UnexpectedStatus
"""


class ApiError(Exception):
    """The root: whatever goes wrong in this package, or in one built on it, is one of these."""


class UnexpectedStatus(ApiError):
    """The server answered with a status that the API does not document, and the client was told to raise then."""

    def __init__(self, status_code: int, content: bytes) -> None:
        self.status_code = status_code
        self.content = content
        super().__init__(status_code, content)

    def __str__(self) -> str:
        excerpt = self.content[:200].decode(errors="replace")
        return f"The server answered {self.status_code}, which the API does not document: {excerpt!r}"


__all__ = ["ApiError", "UnexpectedStatus"]

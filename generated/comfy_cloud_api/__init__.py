# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""A client library for accessing Comfy Cloud API"""

from .client import AuthenticatedClient, Client
from .errors import ApiError
from .types import UNSET

__all__ = ["UNSET", "ApiError", "AuthenticatedClient", "Client"]

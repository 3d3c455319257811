# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""A client library for accessing Comfy Cloud API"""

from .client import AuthenticatedClient, Client

__all__ = (
    "AuthenticatedClient",
    "Client",
)

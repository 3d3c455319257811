"""Who may see and change a sandbox through its own pages, `/` and `/_sandbox/`. Pure.

On loopback nobody needs a key there, so that a browser and one line of curl will do. That leaves pages of other sites,
which a browser on this machine may show at the same time:

- Such a page can send requests here, though not read the answers. So what changes something is refused when the
  browser says that it comes from elsewhere (`Origin`, `Sec-Fetch-Site`); programs send neither.
- Such a page can have its own host name resolve to this machine (DNS rebinding), and read answers then. So the `Host`
  must be a name of loopback, unless the key comes with the request.

A sandbox that listens beyond loopback wants the key, in `X-API-Key` or as the password of HTTP's basic authentication,
which browsers ask for. The API itself, below `/api/`, has its own rule: the key, where the dialect needs one.
"""

from __future__ import annotations

import binascii
import hmac
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

from comfy_cloud.sandbox._serving.exchange import Asked

ASK = (("WWW-Authenticate", 'Basic realm="comfy_cloud.sandbox", charset="UTF-8"'),)


class Refusal(NamedTuple):
    """Why a request is not answered."""

    status: int
    code: str
    message: str


def refusal(asked: Asked, key: str, listens_on: str) -> Refusal | None:
    """Why a request for the sandbox's own pages is refused; None when it is not.

    `listens_on` is the host the sandbox was told to listen on.
    """
    if asked.method not in {"GET", "HEAD"} and _is_from_elsewhere(asked):
        return Refusal(403, "FOREIGN_ORIGIN", "A page of another site may not change the sandbox.")
    if _has_key(asked, key):
        return None
    if not is_loopback(listens_on):
        said = "This sandbox can be reached from other machines: send its key, in X-API-Key or as a basic password."
        return Refusal(401, "UNAUTHORIZED", said)
    host = asked.header("host")
    if host and not is_loopback(_host(host)):
        said = "This sandbox is for this machine: open it as localhost or 127.0.0.1, or send its key in X-API-Key."
        return Refusal(403, "FOREIGN_HOST", said)
    return None


def is_loopback(host: str) -> bool:
    """Whether a host, a name or an address without a port, can only be this machine."""
    name = host.removeprefix("[").removesuffix("]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _has_key(asked: Asked, key: str) -> bool:
    kind, _, credentials = asked.header("authorization").partition(" ")
    given = [asked.header("x-api-key")]
    if kind.lower() == "basic":
        try:
            plain = binascii.a2b_base64(credentials.encode("ascii", "replace"), strict_mode=True)
        except ValueError:
            plain = b""
        given.append(plain.decode("utf-8", "replace").partition(":")[2])
    return any(hmac.compare_digest(one.encode("utf-8", "replace"), key.encode()) for one in given)


def _is_from_elsewhere(asked: Asked) -> bool:
    if asked.header("sec-fetch-site") not in {"", "same-origin", "none"}:
        return True
    origin = asked.header("origin")
    # By host and port alone, since a proxy in front may add the s of https.
    return bool(origin) and urlsplit(origin).netloc.lower() != asked.header("host").lower()


def _host(header: str) -> str:
    """A Host header without its port."""
    host, colon, port = header.rpartition(":")
    return host if colon and port.isdigit() else header

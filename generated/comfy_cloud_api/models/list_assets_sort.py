# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from .. import _runtime as _rt_


class ListAssetsSort(_rt_.OpenStrEnum):
    """Field to sort by"""

    CREATED_AT = "created_at"
    LAST_ACCESS_TIME = "last_access_time"
    NAME = "name"
    SIZE = "size"
    UPDATED_AT = "updated_at"

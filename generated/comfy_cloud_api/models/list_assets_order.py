# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from .. import _runtime as _rt_


class ListAssetsOrder(_rt_.OpenStrEnum):
    """Sort order"""

    ASC = "asc"
    DESC = "desc"

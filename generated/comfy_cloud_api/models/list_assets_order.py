# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from .. import _runtime as _rt


class ListAssetsOrder(_rt.OpenStrEnum):
    """Sort order"""

    ASC = "asc"
    DESC = "desc"

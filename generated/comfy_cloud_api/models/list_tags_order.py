# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from .. import _runtime as _rt_


class ListTagsOrder(_rt_.OpenStrEnum):
    """Sort order for tags"""

    COUNT_DESC = "count_desc"
    NAME_ASC = "name_asc"

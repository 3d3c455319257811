# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from enum import StrEnum


class ListAssetsSort(StrEnum):
    CREATED_AT = "created_at"
    LAST_ACCESS_TIME = "last_access_time"
    NAME = "name"
    SIZE = "size"
    UPDATED_AT = "updated_at"

    def __str__(self) -> str:
        return str(self.value)

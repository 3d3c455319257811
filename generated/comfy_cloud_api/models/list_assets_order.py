# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from enum import StrEnum


class ListAssetsOrder(StrEnum):
    ASC = "asc"
    DESC = "desc"

    def __str__(self) -> str:
        return str(self.value)

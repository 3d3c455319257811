# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

from enum import StrEnum


class ListTagsOrder(StrEnum):
    COUNT_DESC = "count_desc"
    NAME_ASC = "name_asc"

    def __str__(self) -> str:
        return str(self.value)

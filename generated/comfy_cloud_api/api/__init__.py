# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Contains methods for accessing the API"""

# generated, do not edit
# made by: nox -s generate (openapi-python-client 0.29.1)

"""Contains endpoint functions for accessing the API"""

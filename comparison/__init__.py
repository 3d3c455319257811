"""Clients that other generators make of the same document, put to the vectors: for the comparison, and not shipped.

    nox -s conformance_ts           # TypeScript by @hey-api/openapi-ts, where there is Node.js
    nox -s conformance_stock        # Python by openapi-python-client as it is, without our pipeline
    python -m comparison table      # write the tables of docs/reference/comparison.md anew

Beside each client's runner stands `defects.json`: every case that it fails, with the defect that explains it and the
generated line in which it is seen. A case that fails and is not listed fails the session, and so does one that is
listed and passes, and a line that the generator no longer writes: no list outlives what it tells of. The clients
themselves are not kept: they are made anew in each session's own folder, so that none is older than the document.
"""

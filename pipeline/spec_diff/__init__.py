"""What changed between two OpenAPI documents, for the people who use the generated Python package.

`compare_documents` finds the changes, `version_bump` says which version they ask for, `command` is the command line.
Everything but `command` is pure.
"""

from pipeline.spec_diff.compare import compare_documents
from pipeline.spec_diff.model import Change, Role, Severity, Use
from pipeline.spec_diff.versions import Bump, version_bump

__all__ = ["Bump", "Change", "Role", "Severity", "Use", "compare_documents", "version_bump"]

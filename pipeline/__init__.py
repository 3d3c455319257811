"""How `openapi/` becomes `generated/`: vendor, generate, check. Development code, not shipped in the wheel."""

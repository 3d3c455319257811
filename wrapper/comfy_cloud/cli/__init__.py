"""`comfy-cloud`, the command line: pure modules read flags and lay out tables, few act. Needs the extra `cli`."""

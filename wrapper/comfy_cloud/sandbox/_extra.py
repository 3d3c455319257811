"""What to say when the packages of the extra are not installed."""

MISSING = "comfy_cloud.sandbox needs Starlette and uvicorn: pip install 'comfy-cloud[sandbox]'"

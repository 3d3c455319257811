"""What is checked of a release: what users install, and from what. Run by nox sessions; not shipped."""

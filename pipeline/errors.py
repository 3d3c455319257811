"""What the pipeline says when it refuses to go on."""


class PipelineError(Exception):
    """A refusal in one sentence that says what to do; the command line prints it and exits with 2."""

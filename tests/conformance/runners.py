"""Runner programs of a few lines, good and bad."""

from __future__ import annotations

import shlex
import sys

HEAD = "import sys, json, time, urllib.request\n"
LOOP = HEAD + "for line in sys.stdin:\n    task = json.loads(line)\n    "

SILENT = HEAD + "sys.stdin.read()"
"""Reads everything, and answers nothing until it is told to stop."""
CRASHING = LOOP + "sys.exit(3)"
RUBBISH = LOOP + "print('hello', flush=True)"
LISTS = LOOP + "print('[1]', flush=True)"
UNABLE = LOOP + "print(json.dumps({'unsupported': 'not written yet'}), flush=True)"
ONCE = HEAD + "task = json.loads(sys.stdin.readline()); print(json.dumps({'unsupported': task['id']}), flush=True)"
"""Answers one task, and ends."""
FETCHING = LOOP + (
    "g = task['input']; q = '&'.join(f'{k}={v}' for k, v in g['arguments'].items())\n    "
    "r = urllib.request.Request(g['base_url'] + '/api/assets' + (q and '?' + q), "
    "headers={'X-API-Key': g['api_key']})\n    "
    "urllib.request.urlopen(r).read(); print('{}', flush=True)"
)
"""A client of its own, without any care for styles."""
MOODY = LOOP + (
    "sys.exit(3) if 'two' in task['id'] else None\n    print(json.dumps({'unsupported': 'calm'}), flush=True)"
)
"""Ends on some cases."""


def command(program: str) -> str:
    """A program as `--runner` takes it."""
    return shlex.join([sys.executable, "-c", program])

"""Runs moto's server until standard input ends: moto-serve.py PORT [NAME=VALUE ...]

So it never outlives the process that started it, however that one died. The pairs are put
into the environment first.
"""

import os
import sys
import threading


def end_with_stdin():
    sys.stdin.buffer.read()
    os._exit(0)


port, *settings = sys.argv[1:]
os.environ.update(pair.split("=", 1) for pair in settings)
threading.Thread(target=end_with_stdin, daemon=True).start()

from moto.server import main  # noqa: E402 - it reads the environment when it is imported

main(["-H", "127.0.0.1", "-p", port])

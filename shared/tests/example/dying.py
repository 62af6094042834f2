"""Runs a process of a service and kills it at a chosen point: `python -m dying shared.relay tally`.

DIES_AT   `module:Class.method before` or `… after`: the call before or after which it is killed
DIES_ON   the number of that call, counted from 1
PAUSES_AT `module:Class.method`: a call that is followed by a short pause, in which other threads run
CHANGED   `module:NAME=value …`: constants that are changed, such as limits that would take a test too long
"""

import ast
import functools
import importlib
import itertools
import os
import signal
import sys
import time

ENTRIES = {"shared.run": "shared.run", "shared.relay": "shared.relay.__main__"}


def main(module, service):
    entry = importlib.import_module(ENTRIES[module])  # first, since shared.run patches for eventlet
    for setting in os.environ.get("CHANGED", "").split():
        place, _, value = setting.partition("=")
        setattr(*owner_of(place), ast.literal_eval(value))
    if "DIES_AT" in os.environ:
        place, when = os.environ["DIES_AT"].split()
        die_at(*owner_of(place), when, int(os.environ.get("DIES_ON", "1")))
    if "PAUSES_AT" in os.environ:
        pause_at(*owner_of(os.environ["PAUSES_AT"]))
    entry.main(service)


def owner_of(place):
    """The object and the attribute name that `module:path` refers to."""
    module, _, path = place.partition(":")
    *owners, name = path.split(".")
    return functools.reduce(getattr, owners, importlib.import_module(module)), name


def die_at(owner, name, when, last):
    call, numbers = getattr(owner, name), itertools.count(1)

    @functools.wraps(call)
    def dying(*arguments, **named):
        is_last = next(numbers) == last
        if is_last and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        answer = call(*arguments, **named)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(owner, name, dying)


def pause_at(owner, name):
    call = getattr(owner, name)

    @functools.wraps(call)
    def pausing(*arguments, **named):
        answer = call(*arguments, **named)
        time.sleep(0.05)
        return answer

    setattr(owner, name, pausing)


if __name__ == "__main__":
    main(*sys.argv[1:])

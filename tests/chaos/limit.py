"""The time limit of a run, so that one that hangs ends with what it was waiting for."""

import asyncio
import contextlib
import sys
import traceback

INNERMOST = 6  # frames of a thread


@contextlib.asynccontextmanager
async def limited(seconds: float, record):
    """Cancel the block after this many seconds; what each task and thread waited for then is a violation."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    late = False

    def end():
        nonlocal late
        late = True
        record.violated(f"the run has not ended within {seconds:g} s; it waited in\n{waiting()}")
        task.cancel()

    timer = loop.call_later(seconds, end)
    try:
        yield
    except asyncio.CancelledError:
        if not late:
            raise
        task.uncancel()
    finally:
        timer.cancel()


def waiting() -> str:
    """Where each task and each thread of this process waits, from the outermost call to the innermost."""
    tasks = [_of_task(task) for task in asyncio.all_tasks()]
    threads = [_of_frame(frame) for frame in sys._current_frames().values()]
    return "\n".join(sorted(tasks) + sorted(threads))


def _of_task(task) -> str:
    """The chain of awaited coroutines: `Task.get_stack` gives only the outermost."""
    calls, awaited = [], task.get_coro()
    while awaited is not None:
        frame = getattr(awaited, "cr_frame", None) or getattr(awaited, "ag_frame", None)
        calls += [f"{frame.f_code.co_name}:{frame.f_lineno}"] if frame else []
        awaited = getattr(awaited, "cr_await", None) or getattr(awaited, "ag_await", None)
    return f"  task: {' > '.join(calls)}"


def _of_frame(frame) -> str:
    calls = traceback.extract_stack(frame)[-INNERMOST:]
    return f"  thread: {' > '.join(f'{call.name}:{call.lineno}' for call in calls)}"

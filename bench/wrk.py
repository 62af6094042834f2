"""Reads at full speed, by `wrk`: a load generator in C, which takes little of the CPU that it shares."""

import json
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from local import packages

SCRIPT = """
local paths, number = {{}}, 0
for path in io.lines("{paths}") do paths[#paths + 1] = path end
request = function()
  number = number % #paths + 1
  return wrk.format({method}, paths[number], {headers}, {body})
end
done = function(summary, latency, _)
  local errors = summary.errors
  io.write(string.format('{{"requests": %d, "microseconds": %d, "errors": %d, "p50": %.2f, "p99": %.2f}}\\n',
    summary.requests, summary.duration,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
"""


@dataclass(frozen=True)
class Reads:
    """Requests per second, failed requests, and the latency in milliseconds."""

    rate: float
    errors: int
    p50: float
    p99: float


def read(
    url: str,
    paths: Sequence[str],
    seconds: float,
    *,
    connections: int,
    bodies: Sequence[str] = (),
    token: str | None = None,
) -> Reads:
    """Request the paths in turns over this many connections; with bodies, POST the first of them."""
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder, "paths"), Path(folder, "script.lua")
        listed.write_text("\n".join(paths))
        script.write_text(_script(listed, bodies, token))
        wrk = str(packages.program("wrk", "wrk"))
        command = [wrk, "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "10s", "-s", str(script), url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(output.splitlines()[-1])
    rate = found["requests"] / found["microseconds"] * 1e6
    return Reads(rate=rate, errors=found["errors"], p50=found["p50"], p99=found["p99"])


def _script(paths: Path, bodies: Sequence[str], token: str | None) -> str:
    headers = {"Content-Type": "application/json"} if bodies else {}
    headers |= {"Authorization": f"Bearer {token}"} if token else {}
    table = ", ".join(f"[{json.dumps(name)}] = {json.dumps(value)}" for name, value in headers.items())
    body = json.dumps(bodies[0]) if bodies else "nil"
    method = json.dumps("POST" if bodies else "GET")
    return SCRIPT.format(paths=paths, method=method, headers=f"{{{table}}}", body=body)

"""The whole stack on one machine: private servers, supervised processes, demo data."""

from pathlib import Path

RUN_DIR = Path(__file__).resolve().parents[2] / ".run"

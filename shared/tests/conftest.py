"""The delivery core is tried on `tally`, a service of three tables, on real servers."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "example"))


from tally.work import Work

from shared.testing import service_fixtures

database_url, open_work = service_fixtures("tally", Work)

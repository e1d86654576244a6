"""Jobs: any question planned in a process of its own; in plain words: docs/planning/jobs.md.

A planner that hangs, eats memory or crashes takes nothing with it: the page or queue that asked gets a
sentence (`JobError`) instead. What comes back says how to make the same plan again.
"""

from lastmetre.planning.jobs.records import Record, digest
from lastmetre.planning.jobs.running import Done, JobError, Trouble, repeat, run

__all__ = ["Done", "JobError", "Record", "Trouble", "digest", "repeat", "run"]

"""Jobs that keep the jobs going (what a killed worker had begun is begun again, trust.md 21), the day, the papers."""

from __future__ import annotations

import logging
import subprocess
import sys

from procrastinate import JobContext
from procrastinate.contrib.django import app
from procrastinate.jobs import Job, Status
from procrastinate.utils import utcnow

from lastmetre.ground.protection import clock

log = logging.getLogger(__name__)

SILENT_S = 30.0
"""A worker that has not shown life for so long is dead (it does so every 10 seconds)."""
MOST_ATTEMPTS = 5
"""A job that has taken so many workers down is given up."""


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="retry stalled jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Begin again what dead workers had begun: none waits over a minute."""
    for job in await context.app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_S):
        await _retry(context, job)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="run the day")
def run_the_day(timestamp: int) -> None:
    """Do what has fallen due: rounds open and are cut off without anybody's hand."""
    from lastmetre.web.day import run_due  # every process of ours knows the jobs, few run them

    run_due(clock.now())


@app.periodic(cron="*/15 * * * *")
@app.task(queueing_lock="write papers")
def write_papers(timestamp: int) -> None:
    """Keep the papers of all open rounds in the data folder, so that a dead server leaves paper."""
    done = subprocess.run(
        [sys.executable, "-m", "lastmetre.web.printing"], stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        log.error("the papers were not written: %s", done.stderr.strip()[-2000:])


async def _retry(context: JobContext, job: Job) -> None:
    if job.id is None:
        return
    manager = context.app.job_manager
    # A job with a queueing lock is asked for again anyway, and two of them may not wait side by side.
    if job.queueing_lock or job.attempts >= MOST_ATTEMPTS:
        log.warning("job %s (%s) died with its worker %s times", job.id, job.task_name, job.attempts + 1)
        await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=bool(job.queueing_lock))
    else:
        await manager.retry_job_by_id_async(job.id, retry_at=utcnow())

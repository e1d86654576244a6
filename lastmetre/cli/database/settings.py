"""How the server is set up: safe with what it said it kept, small at rest, silent about people in its log."""

from __future__ import annotations

SAFE = {
    "synchronous_commit": "on",  # trust 1: what was acknowledged is on the disk
    "listen_addresses": "",  # no port: only the socket in a private folder
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "restart_after_crash": "on",
    # trust 8: a client that vanished must not hold locks
    "idle_in_transaction_session_timeout": "60s",
    "transaction_timeout": "15min",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "client_connection_check_interval": "2s",
}
SMALL = {
    # the whole product stays under 500 MB at rest
    "max_connections": "60",
    "shared_buffers": "64MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "512MB",
    "autovacuum_max_workers": "2",
    "max_worker_processes": "4",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "jit": "off",
}
DISCREET = {
    # statements and details of errors carry names and phones
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""Only for tests: the data does not outlive the machine, and is taken back before statistics of it would be true."""
APP_LIMITS = {"statement_timeout": "30s", "lock_timeout": "5s", "idle_in_transaction_session_timeout": "30s"}
"""Of the role that serves people; a job that needs longer says so with SET LOCAL."""
INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",  # with C, pg_trgm finds no trigrams in Chinese
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--auth=scram-sha-256",
    "--data-checksums",
)


def server_settings(*, durable: bool, major: int) -> dict[str, str]:
    """Return every setting of the server's command line."""
    chosen = SAFE | SMALL | DISCREET
    if major >= 18:
        chosen["io_method"] = "sync"  # three processes fewer
    return chosen if durable else chosen | HASTY

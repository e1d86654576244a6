"""The address that people open: port, certificate, proxy, and a QR code for phones."""

from __future__ import annotations

import errno
import http.client
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from lastmetre.terms import InputError, say

READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server listens, and what phones type."""

    listen: str
    port: int
    host: str = ""
    """The name in the certificate."""
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""
    """The https address of the proxy in front."""

    @property
    def public_url(self) -> str:
        """The address that phones reach by https; '' while only this machine can."""
        if self.proxy:
            return self.proxy.rstrip("/")
        port = "" if self.port == 443 else f":{self.port}"
        return f"https://{self.host}{port}" if self.host else ""

    @property
    def url(self) -> str:
        """The address to open."""
        here = "localhost" if self.listen in ("127.0.0.1", "::1", "0.0.0.0", "::") else self.listen
        return self.public_url or f"http://{here}:{self.port}"

    def environment(self) -> dict[str, str]:
        """What the web process is told."""
        hosts = ["localhost", "127.0.0.1", "[::1]"]
        hosts += [name for name in (self.host, urlsplit(self.proxy).hostname or "") if name]
        if self.listen not in (*hosts, "0.0.0.0", "::", "::1"):
            hosts.append(self.listen)
        told = {"LASTMETRE_PUBLIC_URL": self.public_url, "LASTMETRE_HOSTS": ",".join(hosts)}
        return told | ({"LASTMETRE_BEHIND_PROXY": "1"} if self.proxy else {})

    def check(self) -> None:
        """Raise InputError where a browser would be refused later: half a pair, a bad certificate, a used port."""
        if bool(self.certificate) != bool(self.key) or bool(self.certificate) != bool(self.host):
            raise InputError(
                say("--host, --cert and --key belong together."),
                remedy=say("Name the host, its certificate and its key, or none of them."),
            )
        if self.proxy and not self.proxy.startswith("https://"):
            raise InputError(
                say("{url} is not an https address.", url=self.proxy),
                remedy=say("Name the address that phones open, such as https://food.example."),
            )
        if self.certificate and self.key:
            check_certificate(self.certificate, self.key)
        check_port(self.listen, self.port)

    def wait_until_it_answers(self, alive: Callable[[], bool]) -> bool:
        """Wait for the first answer of any kind; False where the server does not come up."""
        end = time.monotonic() + READY_S
        while time.monotonic() < end and alive():
            try:
                self._ask()
                return True
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
        return False

    def _ask(self) -> None:
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.listen, self.listen)
        connection = http.client.HTTPConnection(here, self.port, timeout=5)
        if self.certificate:
            trust = ssl.create_default_context()
            trust.check_hostname = False  # it is our own server, by its number
            trust.verify_mode = ssl.CERT_NONE
            connection = http.client.HTTPSConnection(here, self.port, timeout=5, context=trust)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        finally:
            connection.close()


def check_port(listen: str, port: int) -> None:
    """Raise InputError where the port cannot be listened on."""
    family = socket.AF_INET6 if ":" in listen else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((listen, port))
            trial.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                what = say("Port {port} is in use by another program.", port=port)
            elif error.errno in (errno.EACCES, errno.EPERM):
                what = say("Port {port} is only for root.", port=port)
            else:
                raise InputError(
                    say("{address} is no address of this machine.", address=listen),
                    remedy=say("Name another with --listen; 127.0.0.1 is this machine alone."),
                ) from error
            free = port + 1 if port >= 1024 else 8000 + port
            raise InputError(
                what, remedy=say("Choose another, for example --port {free}.", free=free)
            ) from error
        except OverflowError as error:
            raise InputError(
                say("{port} is no port.", port=port), remedy=say("Choose one from 1 to 65535.")
            ) from error


def check_certificate(certificate: Path, key: Path) -> None:
    """Raise InputError where certificate and key cannot be used together."""
    for path in (certificate, key):
        if not path.is_file():
            raise InputError(
                say("{file} is not there.", file=str(path)), remedy=say("Correct --cert and --key.")
            )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except (ssl.SSLError, OSError) as error:
        raise InputError(
            say("Certificate {certificate} and key {key} do not work together.", certificate=str(certificate), key=str(key)),
            remedy=say("Both must be PEM files, the key without a passphrase and of this certificate."),
        ) from error  # fmt: skip

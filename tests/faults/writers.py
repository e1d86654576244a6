"""People at work while processes die: they add places over HTTP and remember what was acknowledged."""

import http.client
import json
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from clusters import command, environment

SEED = """
import json, sys
from pathlib import Path
from lastmetre.cli.installation import ready
with ready(Path(sys.argv[1])):
    from lastmetre.ground.people.actions.accounts import create_administrator
    from lastmetre.ground.people.actions.devices import sign_in_device
    from lastmetre.ground.people.rules import DeviceKind
    from lastmetre.ground.places.actions.bulk import NewPlace, add_places
    from lastmetre.ground.places.rules import PlaceKind
    from lastmetre.ground.protection.actor import SYSTEM
    from lastmetre.ground.protection.scope import acting_as
    with acting_as(SYSTEM) as now:
        (place,) = add_places([NewPlace(PlaceKind.DISTRICT, "二七区", None)], by=SYSTEM, at=now)
        who = create_administrator(
            by=SYSTEM, at=now, place=place, name="张桂芳", username="guifang", password="correct-horse-battery"
        )
        who.totp_confirmed_at = now
        who.save(update_fields=["totp_confirmed_at"])
        _, token = sign_in_device(
            by=SYSTEM, at=now, kind=DeviceKind.ACCOUNT, path=place.path, person=who.person
        )
    print(json.dumps({"place": str(place.pk), "token": token}))
"""


def seed(data: Path) -> dict[str, str]:
    """Make a district and an administrator who is signed in; return both."""
    run = [*command()[:1], "-c", SEED, str(data)]
    done = subprocess.run(run, env=environment(), capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


class Writer(threading.Thread):
    """Adds one place after the other; asks again with the same name until it is told that the place is there."""

    def __init__(self, number: int, port: int, seeded: dict[str, str], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self.number, self.port, self.seeded, self.stop = number, port, seeded, stop
        self.acknowledged: list[str] = []
        self.unanswered = 0
        self.broken: set[str] = set()

    def run(self) -> None:
        count = 0
        while not self.stop.is_set():
            count += 1
            name = f"街道{self.number}-{count}"
            while not self.stop.is_set() and not self.add(name):
                self.unanswered += 1
                time.sleep(0.05)

    def add(self, name: str) -> bool:
        """Send once; True when the answer says that the place is there."""
        forged = "f" * 32
        headers = {
            "Cookie": f"device={self.seeded['token']}; csrftoken={forged}; language=en",
            "X-CSRFToken": forged,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            form = urlencode({"kind": "subdistrict", "names": name})
            connection.request("POST", f"/places/{self.seeded['place']}/add", form, headers)
            response = connection.getresponse()
            said = response.read().decode()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if response.status == 302 or (response.status == 422 and name in said and "already" in said):
            self.acknowledged.append(name)
            return True
        self.broken.add(f"{response.status} {said[:300]}" if response.status < 500 else str(response.status))
        return False

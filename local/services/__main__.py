"""The stubs for one customer, as a process: one JSON line with the port and the secrets; then a line in, a line out.

    {"refuse": {…}}   lets a service refuse, see `customer`
    {"kept": "slack"} what a service keeps
Ends with its standard input.
"""

import json
import sys

from .server import Services


def main() -> None:
    with Services() as services:
        customer = services.customer("jest")
        _say({"port": services.port, "secrets": customer.secrets})
        for line in sys.stdin:
            asked = json.loads(line)
            if "refuse" in asked:
                customer.refuse(**asked["refuse"])
            service = customer.services.get(asked.get("kept"))
            _say(vars(service) if service else {})


def _say(what) -> None:
    print(json.dumps(what, ensure_ascii=False), flush=True)


main()

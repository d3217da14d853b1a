# Switches auto-extend on or off for orders: python3 switch.py off IPv4 11111
import json
import os
import sys
import time
import urllib.error
import urllib.request

base_url = os.environ.get("AUTO_EXTEND_BASE_URL") or "http://127.0.0.1:4010"
api_key = os.environ.get("AUTO_EXTEND_API_KEY") or "any-key"


def post(body, attempts=4):
    """Sends the request again after a failure: it sets a state, so that does no harm."""
    request = urllib.request.Request(
        f"{base_url}/client/api/v1/{api_key}/extend/order/auto",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    for attempt in range(attempts):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except (urllib.error.URLError, OSError, ValueError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code not in (408, 429):
                sys.exit(f"The server refused the request with HTTP {error.code}. Nothing was changed.")
        time.sleep(0.2 * 2**attempt)
    sys.exit("There was no answer. Whether anything was changed is unknown: list your orders.")


if len(sys.argv) < 4:
    sys.exit("Give on or off, a proxy type and order IDs, such as: off IPv4 11111")
switch, proxy_type, *order_ids = sys.argv[1:]
answer = post(
    {
        "proxyType": proxy_type,
        "orderIds": order_ids,
        "rentPeriodDays": 30,
        "autoExtend": switch == "on",
    }
)
# A refusal has HTTP status 200 as well.
if not answer["success"]:
    sys.exit(f"Refused with error {answer['error']['code']}: {answer['error']['message']}")
print(f"IP addresses switched {switch}: {answer['quantity']}")

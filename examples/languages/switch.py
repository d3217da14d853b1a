# Switches auto-extend on or off for orders: python3 switch.py off IPv4 11111
import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

base_url = os.environ.get("AUTO_EXTEND_BASE_URL") or "http://127.0.0.1:4010"
api_key = os.environ.get("AUTO_EXTEND_API_KEY") or "any-key"


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key is in the path, so a redirect could hand it to another host."""

    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirects)


def post(body, attempts=4):
    """Sends the request again after a failure: it sets a state, so that does no harm."""
    request = urllib.request.Request(
        f"{base_url}/client/api/v1/{api_key}/extend/order/auto",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    for attempt in range(attempts):
        try:
            with opener.open(request, timeout=30) as response:
                answer = json.load(response)
                if is_usable(answer):
                    return answer
        except urllib.error.HTTPError as error:
            if 400 <= error.code < 500 and error.code not in (408, 429):
                sys.exit(f"The server refused the request with HTTP {error.code}. Nothing was changed.")
        except (OSError, ValueError, http.client.HTTPException):
            pass
        time.sleep(0.2 * 2**attempt)
    sys.exit("There was no usable answer. Whether anything was changed is unknown: list your orders.")


def is_usable(answer):
    """A refusal has HTTP status 200 as well."""
    if not isinstance(answer, dict):
        return False
    if answer.get("success") is True:
        return type(answer.get("quantity")) is int
    error = answer.get("error")
    return answer.get("success") is False and isinstance(error, dict) and {"code", "message"} <= error.keys()


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
if not answer["success"]:
    sys.exit(f"Refused with error {answer['error']['code']}: {answer['error']['message']}")
print(f"IP addresses switched {switch}: {answer['quantity']}")

#!/usr/bin/env bash
# A client that is still sending when it is refused must see the answer: curl, Python's urllib and requests, Node's fetch, each
# with 40 MB for a route that takes 32 MB, announced and chunked. Starts the built jar; talks to loopback only.
#
#     PYTHON=venv/bin/python src/test/refused-uploads.sh [times]
set -euo pipefail
cd "$(dirname "$0")/../.."
times=${1:-10}
python=${PYTHON:-python3}
jar=(target/loss-service-*.jar)
log=$(mktemp)
body=$(mktemp)
"${JAVA_HOME:?}/bin/java" -jar "${jar[0]}" --server.port=0 --management.server.port=0 >"$log" &
service=$!
trap 'kill "$service" 2>/dev/null || true; rm -f "$log" "$body"' EXIT
for _ in $(seq 100); do
    port=$(sed -nE 's/.*started on port ([0-9]+).*/\1/p' "$log" | head -1)
    [ -n "$port" ] && curl -sf "localhost:$port/readyz" >/dev/null && break
    sleep 0.3
done
url=http://localhost:$port/v1/losses/multi-margin
head -c 40000000 /dev/zero | tr '\0' ' ' >"$body"

report() { printf '%-34s %s\n' "$1" "$(sort | uniq -c | awk '{printf "%s x %s  ", $1, $2}')"; }

for mode in announced chunked; do
    for _ in $(seq "$times"); do
        header=(-H 'Content-Type: application/json' -H 'Expect:')
        [ "$mode" = chunked ] && header+=(-H 'Transfer-Encoding: chunked')
        curl -s -o /dev/null -w '%{http_code}\n' "${header[@]}" --data-binary "@$body" "$url" || echo failed
    done | report "curl, $mode"
    MODE=$mode URL=$url BODY=$body TIMES=$times "$python" - <<'P' | report "urllib, $mode"
import os, urllib.error, urllib.request
def chunks(path):
    with open(path, "rb") as file:
        while part := file.read(65536):
            yield part
for _ in range(int(os.environ["TIMES"])):
    path = os.environ["BODY"]
    data = open(path, "rb").read() if os.environ["MODE"] == "announced" else chunks(path)
    headers = {"Content-Type": "application/json"}
    if os.environ["MODE"] == "chunked":
        headers["Transfer-Encoding"] = "chunked"
    try:
        print(urllib.request.urlopen(urllib.request.Request(os.environ["URL"], data, headers)).status)
    except urllib.error.HTTPError as error:
        print(error.code)
    except Exception as error:
        print(type(error).__name__)
P
    if "$python" -c 'import requests' 2>/dev/null; then
        MODE=$mode URL=$url BODY=$body TIMES=$times "$python" - <<'P' | report "requests, $mode"
import os, requests
for _ in range(int(os.environ["TIMES"])):
    data = open(os.environ["BODY"], "rb")
    if os.environ["MODE"] == "chunked":
        data = iter(lambda file=data: file.read(65536), b"")
    try:
        print(requests.post(os.environ["URL"], data=data, headers={"Content-Type": "application/json"}).status_code)
    except Exception as error:
        print(type(error).__name__)
P
    fi
    MODE=$mode URL=$url BODY=$body TIMES=$times node --input-type=module -e '
import { openAsBlob, readFileSync } from "node:fs";
const { MODE, URL: url, BODY, TIMES } = process.env;
for (let i = 0; i < TIMES; i++) {
  const body = MODE === "announced" ? readFileSync(BODY) : (await openAsBlob(BODY)).stream();
  try {
    console.log((await fetch(url, { method: "POST", body, duplex: "half", headers: { "Content-Type": "application/json" } })).status);
  } catch (error) {
    console.log(error.cause?.code ?? error.name);
  }
}' 2>/dev/null | report "fetch, $mode"
done

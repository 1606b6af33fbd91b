#!/usr/bin/env bash
# Holds docker-compose.yml to what it promises, in real containers: replicas behind the gateway are killed, restarted and scaled
# under load, the gateway speaks TLS and wants tokens; and reports the image's size, start and memory. Loopback only; it builds
# the image, and takes five minutes after that.
#
#     src/gateway/containers.sh [one|together|edge ...]
#
# Needs a Docker engine with compose, curl, openssl and python3. The gateway's port is GATEWAY_PORT (24080), the one above it TLS.
set -euo pipefail
cd "$(dirname "$0")/../.."
export COMPOSE_PROJECT_NAME=loss-check GATEWAY_PORT=${GATEWAY_PORT:-24080}
export GATEWAY_TLS_PORT=$((GATEWAY_PORT + 1))
url=http://127.0.0.1:$GATEWAY_PORT
route=/v1/losses/multi-margin
small='{"input":[[1,-2,3],[0,-1,2],[1,0,1]],"label":[0,1,2]}'
image=loss-service:0.1.0 one=$COMPOSE_PROJECT_NAME-one
work=$(mktemp -d)
chmod 755 "$work"
export SECRETS=$work/secrets
. src/gateway/common.sh
tls=(-f docker-compose.yml -f src/gateway/compose-tls.yml)

finish() {
    kill $(jobs -p) 2>/dev/null || true
    docker rm -f "$one" >"$work/log" 2>&1 || true
    docker compose "${tls[@]}" down -v --remove-orphans -t 5 >"$work/log" 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

replicas() { docker compose ps -q service; }
healthy() { # CONTAINER
    local _
    for _ in {1..240}; do
        [ "$(docker inspect -f '{{.State.Health.Status}}' "$1")" != healthy ] || return 0
        sleep 0.25
    done
    echo "$1 does not become healthy" >&2
    docker logs --tail 20 "$1" >&2
    exit 1
}

# lines FILE: what a log consists of
lines() {
    python3 - "$1" <<'END'
import json, sys
lines = plain = warnings = nameless = traced = 0
for text in open(sys.argv[1]):
    lines += 1
    try:
        line = json.loads(text)
    except ValueError:
        plain += 1
        print(text, file=sys.stderr)
        continue
    if line["log"]["level"] not in ("INFO", "DEBUG"):
        warnings += 1
        print(text, file=sys.stderr)
    request = line.get("http", {}).get("request", {})
    nameless += line["log"]["logger"] == "org.lossservice.access" and not request.get("id")
    traced += request.get("id") == "seen" and line.get("trace") == {"id": "0af7651916cd43dd8448eb211c80319c"}
print(f"{lines} lines, {plain} not JSON, {warnings} warnings, {nameless} nameless, {traced} traced")
END
}

# From docker run to the first loss.
start_one() {
    docker rm -f "$one" >"$work/log" 2>&1 || true
    local began
    began=$(date +%s%N)
    docker run -d --name "$one" --read-only --tmpfs /tmp:rw,noexec,nosuid,size=64m --cap-drop ALL --memory 768m \
        -p 127.0.0.1::8080 $image >"$work/log"
    address=$(docker port "$one" 8080/tcp | head -1)
    until [[ $(post "http://$address$route") == 200* ]]; do sleep 0.02; done
    echo "      docker run to the first loss: $((($(date +%s%N) - began) / 1000000)) ms"
}

one() {
    echo "--- one container"
    echo "      image: $(($(docker image inspect -f '{{.Size}}' $image) / 1000000)) MB, of which on top of the JRE's:"
    docker history --format '{{.Size}} {{.CreatedBy}}' $image | sed -n '/\/build\/\|train/s/^/        /p' | cut -c1-100
    local address _
    for _ in 1 2 3; do start_one; done
    healthy "$one"
    # the JVM does not count one of the survivor spaces
    check "its heap is 60 % of the limit of 768 MiB" '"value":4\.[5-8][0-9]*E8' "$(docker exec "$one" bash -c \
        'exec 3<>/dev/tcp/127.0.0.1/8081; printf "GET /actuator/metrics/jvm.memory.max?tag=area:heap HTTP/1.0\r\nHost: x\r\n\r\n" >&3; cat <&3' | grep -o '"value":[0-9.E]*')"
    echo "      memory after the start: $(docker stats --no-stream --format '{{.MemUsage}}' "$one")"
    local body
    for body in small large; do
        python3 src/gateway/load.py "http://$address$route" $body 6 15 >"$work/load"
        echo "      memory after $(cat "$work/load"): $(docker stats --no-stream --format '{{.MemUsage}}' "$one")"
    done
    post -H 'X-Request-Id: seen' -H 'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' \
        "http://$address$route" >"$work/asked"
    docker stop "$one" >"$work/log"
    check "SIGTERM ends it by itself" 143 "$(docker inspect -f '{{.State.ExitCode}}' "$one")"
    docker logs "$one" >"$work/lines" 2>&1
    check "its log is JSON, without warnings, and names request and trace" "[0-9]+ lines, 0 not JSON, 0 warnings, 0 nameless, 1 traced" \
        "$(lines "$work/lines")"
    docker rm "$one" >"$work/log"
}

# Its address is in use until the gateway looks the names up anew.
kill_one() {
    local id
    id=$(replicas | head -1)
    docker update --restart=no "$id"
    docker kill -s KILL "$id"
    sleep 20
}

# Nobody tells the gateway.
restart_all() {
    local id
    for id in $(replicas); do
        docker stop "$id"
        docker start "$id"
        healthy "$id"
    done
}

scale() { docker compose --progress quiet up -d --no-recreate --wait --scale service="$1"; }
served() { docker logs "$1" 2>&1 | grep -c "POST $route 200" || true; }

together() {
    echo "--- replicas behind the gateway"
    docker compose up -d --wait --wait-timeout 120 >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    check "a loss through the gateway" '200 .*"data":\[1.1111112\].*' "$(post "$url/loss$route")"
    local body
    for body in small large; do
        load "one of two killed with -9, $body requests" $body "$few" kill_one
        docker start $(docker compose ps -aq service) >"$work/log"
        for id in $(replicas); do healthy "$id"; done
        load "both restarted in turn, $body requests" $body "$none" restart_all
    done
    load "a third replica, small requests" small "$none" scale 3
    local third=$COMPOSE_PROJECT_NAME-service-3 before
    before=$(served "$third")
    python3 src/gateway/load.py "$url/loss$route" small 6 5 >"$work/load"
    check "is found by the gateway" '[1-9][0-9]*' $(($(served "$third") - before))
    echo "      it answered $(($(served "$third") - before)) of $(cat "$work/load")"
    load "back to two replicas, requests of 600 KB" large "$none" scale 2
    docker compose down -t 30 >"$work/log" 2>&1
}

edge() {
    echo "--- TLS and tokens"
    local token https=https://localhost:$GATEWAY_TLS_PORT trust=(--cacert "$SECRETS/certificate")
    mkdir -m 755 "$SECRETS"
    token=$(openssl rand -hex 16)
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$SECRETS/key" -out "$SECRETS/certificate" 2>"$work/log"
    echo "\"Bearer $token\" tester;" >"$SECRETS/tokens"
    chmod 644 "$SECRETS"/*
    docker compose "${tls[@]}" up -d --wait --wait-timeout 120 >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
    check "without a token" '401 .*unauthorized.*' "$(post "${trust[@]}" "$https$route")"
    check "with one" '200 .*"data":\[1.1111112\].*' "$(post "${trust[@]}" -H "Authorization: Bearer $token" "$https/loss$route")"
    check "with another one" '401 .*' "$(post "${trust[@]}" -H "Authorization: Bearer x$token" "$https$route")"
    check "probes need none" '200 .*UP.*' "$(ask "${trust[@]}" "$https/readyz")"
    check "without trust" '000 ' "$(rm -f "$work/body"; ask "$https/readyz")"
    check "plain HTTP is not published" '000 ' "$(rm -f "$work/body"; ask "$url/readyz")"
    check "containers are locked" 'true true ' "$(docker inspect -f '{{.HostConfig.ReadonlyRootfs}}' $(docker compose ps -q service gateway) | sort -u | tr '\n' ' ')$(docker inspect -f '{{eq (len .HostConfig.CapDrop) 1}}' $(docker compose ps -q service gateway) | sort -u | tr '\n' ' ')"
    docker compose "${tls[@]}" down -t 30 >"$work/log" 2>&1
}

docker compose build --quiet
[ $# -gt 0 ] || set -- one together edge
for part; do $part; done
summary

#!/usr/bin/env bash
# Holds the gateway to what it promises: a real nginx with these files, first before replicas that misbehave (replicas.py), then
# before two of the built jar that are killed and restarted under load. Loopback only, three minutes.
#
#     src/gateway/check.sh [swagger]      with swagger also Swagger UI under the prefix, in headless Chromium
#
# Needs a built jar, a JDK 25 (JAVA_HOME), nginx, curl, openssl and python3; swagger needs Node, npm and Chromium. Ports from
# PORT (22000) on.
set -euo pipefail
cd "$(dirname "$0")/../.."
base=${PORT:-22000}
url=http://127.0.0.1:$base
tls=https://localhost:$((base + 1))
fake=$((base + 20))
echo=$fake full=$((fake + 1)) broken=$((fake + 2)) hung=$((fake + 3)) deaf=$((fake + 4)) closed=$((fake + 5))
small='{"input":[[1,-2,3],[0,-1,2],[1,0,1]],"label":[0,1,2]}'
work=$(mktemp -d)
chmod 755 "$work"
route=/v1/losses/multi-margin
. src/gateway/common.sh
nginx='' fakes=''
declare -A replica=()

finish() {
    stop_nginx
    kill -9 $fakes "${replica[@]}" $(jobs -p) 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

# The committed files; only paths and ports are others, and the minute that nginx waits for an answer is three seconds.
start_nginx() { # FILE SERVER...
    stop_nginx
    rm -rf "$work/conf"
    mkdir "$work/conf"
    cp src/gateway/*.conf "$work/conf"
    sed -i "s#/tmp/#$work/#; s#/run/secrets/#$work/#; s#/dev/std\(out\|err\)#$work/\1.log#
            s#listen 8080#listen 127.0.0.1:$base#; s#listen 127.0.0.1:8080#listen 127.0.0.1:$((base + 2))#
            s#listen 8443#listen 127.0.0.1:$((base + 1))#; s#timeout 60s#timeout 3s#; s#timeout 45s#timeout 2s#" "$work"/conf/*
    upstream "${@:2}"
    nginx -e "$work/err.log" -c "$work/conf/$1" -g 'daemon off;' 2>>"$work/err.log" &
    nginx=$!
    until [ -s "$work/nginx.pid" ]; do
        kill -0 $nginx 2>/dev/null || { cat "$work/err.log"; exit 1; }
        sleep 0.1
    done
}

upstream() { # SERVER...
    {
        echo 'upstream service { zone service 64k;'
        printf "server 127.0.0.1:%s $(sed -n 's/.*\(max_fails.*\)/\1/p' src/gateway/upstream.conf)\n" "$@"
        sed -n '/^ *keepalive/p' src/gateway/upstream.conf
        echo '}'
    } >"$work/conf/upstream.conf"
}

stop_nginx() {
    [ -z "$nginx" ] || { kill $nginx && wait $nginx; } 2>/dev/null || true
    nginx=''
}

reached() { if [ -f "$work/$1" ]; then wc -l <"$work/$1"; else echo 0; fi; }
raw() { # TEXT, with printf's escapes: what comes back until the connection is closed
    printf "$1" | python3 -c '
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 5)
s.sendall(sys.stdin.buffer.read())
print(b"".join(iter(lambda: s.recv(4096), b"")).decode())' "$base"
}
field() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1])).get(sys.argv[2]))' "$work/body" "$1"; }

start_replica() { # NUMBER
    "${JAVA_HOME:?}/bin/java" -Xmx256m -jar target/loss-service-*.jar --server.port=$((base + 10 + $1)) \
        --management.server.port=$((base + 15 + $1)) --server.forward-headers-strategy=framework >>"$work/service.log" 2>&1 &
    replica[$1]=$!
    for _ in {1..200}; do
        curl -sf -o "$work/ready" "127.0.0.1:$((base + 10 + $1))/readyz" && return
        sleep 0.2
    done
    echo "replica $1 does not start:" >&2
    tail -20 "$work/service.log" >&2
    exit 1
}

headers() {
    echo "--- headers"
    start_nginx nginx.conf "$echo"
    local trace=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
    post "$url/loss/v1/losses/multi-margin?p=2" -H 'X-Forwarded-For: 6.6.6.6' -H 'X-Forwarded-Host: evil' -H 'X-Forwarded-Proto: gopher' \
        -H 'X-Forwarded-Port: 1' -H 'X-Forwarded-Prefix: /evil' -H 'X-Forwarded-Ssl: on' -H 'Forwarded: host=evil' -H 'Authorization: Bearer x' \
        -H "traceparent: $trace" -H 'X-Request-Id: mine-1' >"$work/asked"
    check "the prefix is taken off, the query kept" 'POST /v1/losses/multi-margin\?p=2 HTTP/1.1' "$(field line)"
    check "X-Forwarded-For is set anew" 127.0.0.1 "$(field x-forwarded-for)"
    check "X-Forwarded-Host is set anew, with the port" "127.0.0.1:$base" "$(field x-forwarded-host)"
    check "X-Forwarded-Proto is set anew" http "$(field x-forwarded-proto)"
    check "X-Forwarded-Prefix is set anew" /loss "$(field x-forwarded-prefix)"
    local name
    for name in x-forwarded-port x-forwarded-ssl forwarded authorization; do
        check "$name is taken away" None "$(field $name)"
    done
    check "traceparent goes through" "$trace" "$(field traceparent)"
    check "a harmless X-Request-Id goes through" mine-1 "$(field x-request-id)"
    ask "$url/x" -H 'X-Request-Id: a b"c' -H 'X-Forwarded-Prefix: /evil' >"$work/asked"
    check "another X-Request-Id is replaced" '[0-9a-f]{32}' "$(field x-request-id)"
    check "HTTP/1.0 needs no Host" '.* 200 OK.*"host": "localhost".*' "$(raw 'GET /readyz HTTP/1.0\r\n\r\n')"
    check "no prefix at the root" None "$(field x-forwarded-prefix)"
    check "the log is JSON with the same id" mine-1 \
        "$(head -1 "$work/out.log" | python3 -c 'import json, sys; print(json.load(sys.stdin)["http"]["request"]["id"])')"
}

management() {
    echo "--- management paths"
    rm -f "$work/echo"
    local path
    for path in /actuator /actuator/ /actuator/health /Actuator/env //actuator /%61ctuator/env /loss/actuator /loss/../actuator \
        /loss//actuator/env /loss/%2e%2e/actuator /v1/..%2factuator /loss/v1/../actuator '/v1/..;/actuator' '/;x/actuator' \
        '/actuator;x=1/env' '/%3bx/actuator' '/loss/..;/actuator/env' /./actuator; do
        ask "$url$path" >"$work/asked"
        check "$path is closed" '404 not_found' "$(cut -d' ' -f1 "$work/asked") $(field code)"
    done
    check "none of them reached a replica" 0 "$(reached echo)"
}

own_errors() {
    echo "--- the gateway's own errors"
    local problem='\{"type":"about:blank","title":"[A-Za-z ]+","status"' id='"request_id":"[0-9a-f]{32}"'
    ask "$url/actuator" -D "$work/headers" >"$work/asked"
    check "404 is a problem" "404 $problem:404,.*\"code\":\"not_found\",$id.*" "$(cat "$work/asked")"
    check "404 has its media type and id" 'application/problem\+json [0-9a-f]{32}' \
        "$(tr -d '\r' <"$work/headers" | awk 'tolower($1) == "content-type:" { type = $2 } tolower($1) == "x-request-id:" { id = $2 } END { print type, id }')"
    head -c 68200000 /dev/zero >"$work/large"
    check "65 MiB and a little is too much" "413 $problem:413,.*too_large.*" "$(ask --data-binary "@$work/large" "$url/x")"
    check "so it is in chunks" "413 $problem:413,.*" "$(ask -H 'Transfer-Encoding: chunked' --data-binary "@$work/large" "$url/x")"
    head -c 68100000 /dev/zero >"$work/large"
    check "just below goes through" '200 .*"content-length": "68100000".*' "$(ask --data-binary "@$work/large" "$url/x")"
    check "a long request line" "414 $problem:414,.*" "$(ask "$url/$(printf 'x%.0s' {1..9000})")"
    check "long header fields" "431 $problem:431,.*" "$(ask "$url/x" -H "X: $(printf 'x%.0s' {1..9000})")"
    check "TRACE is not passed on" "405 $problem:405,.*" "$(ask -X TRACE "$url/x")"
    check "what is not HTTP" "HTTP/1.1 400 .*$problem:400,.*malformed_request.*" "$(raw 'GET /x\x01 HTTP/1.1\r\nHost: x\r\n\r\n')"
    check "an HTTP of the future" "HTTP/1.1 505 .*$problem:505,.*" "$(raw 'GET /x HTTP/4.0\r\nHost: x\r\n\r\n')"
    check "a coding that nobody knows" "HTTP/1.1 501 .*$problem:501,.*" \
        "$(raw 'POST /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n')"
    check "two lengths" "HTTP/1.1 400 .*$problem:400,.*" \
        "$(raw 'POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n')"
    check "/loss leads to /loss/" '301 /loss/' \
        "$(curl -s -o "$work/body" -w '%{http_code}' -D "$work/headers" "$url/loss") $(tr -d '\r' <"$work/headers" | awk '$1 == "Location:" { print $2 }')"
    curl -s -Z --parallel-max 40 -o "$work/rate.#1" -w '%{http_code} %header{retry-after}\n' "$url/livez?[1-4000]" >"$work/rate" 2>"$work/log" || true
    check "over the rate: 429, retry after 1 s, else 200" '200  429 1 ' "$(sort -u "$work/rate" | tr '\n' ' ')"
    check "and a problem" "$problem:429,.*\"code\":\"overloaded\",$id.*" "$(grep -h "\"status\":429" "$work"/rate.* | head -1)"
    echo "      $(grep -c ^429 "$work/rate") of $(wc -l <"$work/rate") requests as fast as they go were refused"
    sleep 2
}

retries() {
    echo "--- retries"
    rm -f "$work"/{echo,full,broken,hung}
    start_nginx nginx.conf "$full" "$echo backup"
    check "a 503 is passed on" '503 full' "$(post "$url/x")"
    check "and not tried again" '1 0' "$(reached full) $(reached echo)"
    start_nginx nginx.conf "$hung" "$echo backup"
    check "an answer that does not come in time" '504 .*deadline_exceeded.*' "$(post "$url/x")"
    check "is not waited for twice" '1 0' "$(reached hung) $(reached echo)"
    start_nginx nginx.conf "$broken" "$echo backup"
    check "a POST whose replica dies gets another's answer" '200 .*' "$(post "$url/x")"
    check "and was tried once on each" '1 1' "$(reached broken) $(reached echo)"
    start_nginx nginx.conf "$closed" "$echo backup"
    check "a replica that is gone is passed over" '200 .*' "$(post "$url/x")"
    start_nginx nginx.conf "$deaf" "$echo backup"
    check "so is one that does not take the connection" '200 .*' "$(post "$url/x")"
    start_nginx nginx.conf "$closed" $((closed + 1))
    check "where all are gone: 503, retry after 1 s" '503 1 overloaded' "$(curl -s -d x -o "$work/body" -w '%{http_code} %header{retry-after}' "$url/x") $(field code)"
}

edge() {
    echo "--- TLS and tokens"
    local token
    token=$(openssl rand -hex 16)
    openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
        -keyout "$work/key" -out "$work/certificate" 2>"$work/openssl.log"
    echo "\"Bearer $token\" tester;" >"$work/tokens"
    start_nginx tls.conf "$echo"
    local trust=(--cacert "$work/certificate")
    check "without a token" '401 .*unauthorized.*' "$(post "${trust[@]}" "$tls/v1/losses" -D "$work/headers")"
    check "the challenge" Bearer "$(tr -d '\r' <"$work/headers" | awk '$1 == "WWW-Authenticate:" { print $2 }')"
    check "with a wrong one" '401 .*' "$(post "${trust[@]}" "$tls/v1/losses" -H "Authorization: Bearer ${token}0")"
    check "with the right one" '200 .*' "$(post "${trust[@]}" "$tls/loss/v1/losses" -H "Authorization: Bearer $token")"
    check "the replica learns of https, not of the token" 'https None' "$(field x-forwarded-proto) $(field authorization)"
    check "probes need none" '200 .*' "$(ask "${trust[@]}" "$tls/readyz")"
    check "/problem is no way in" '404 .*' "$(ask "${trust[@]}" "$tls/problem")"
    check "management is closed with a token, too" '404 .*' "$(ask "${trust[@]}" "$tls/loss/actuator" -H "Authorization: Bearer $token")"
    check "plain HTTP on this port" '400 .*"status":400.*' "$(ask "http://localhost:$((base + 1))/v1/losses")"
    check "TLS 1.1 is refused" '000 ' "$(rm -f "$work/body"; ask "${trust[@]}" --tls-max 1.1 "$tls/readyz")"
    check "no certificate of ours, no connection" '000 ' "$(rm -f "$work/body"; ask "$tls/readyz")"
}

kill_one() { kill -9 "${replica[1]}"; wait "${replica[1]}" 2>/dev/null || true; }

# Nobody tells the gateway: a replica that stops answers until it takes no connections, and these go to the other one.
restart_all() {
    local number
    for number in 1 2 1 2; do
        kill -TERM "${replica[$number]}"
        wait "${replica[$number]}" 2>/dev/null || true
        start_replica $number
    done
}

replicas() {
    echo "--- two replicas under load"
    start_replica 1
    start_replica 2
    start_nginx nginx.conf $((base + 11)) $((base + 12))
    check "openapi.yaml under the prefix" '200 openapi: 3.1.0.*' "$(ask "$url/loss/openapi.yaml" | head -1)"
    check "the way to Swagger UI" "302 /loss/swagger-ui.html" "$(curl -s -o "$work/body" -w '%{http_code} ' -D "$work/headers" "$url/loss/")$(tr -d '\r' <"$work/headers" | awk '$1 == "Location:" { print $2 }')"
    check "its last step names the published port" "$url/loss/swagger-ui/index.html" \
        "$(curl -sL -o "$work/body" -w '%{url_effective}' "$url/loss/")"
    load "one killed with -9, small requests" small "$few" kill_one
    start_replica 1
    load "one killed with -9, requests of 600 KB" large "$few" kill_one
    start_replica 1
    load "both restarted twice in turn, small requests" small "$none" restart_all
    load "both restarted twice in turn, requests of 600 KB" large "$none" restart_all
}

swagger() {
    echo "--- Swagger UI under the prefix"
    local result
    result=$(src/test/openapi/swagger-ui.sh "$url/loss" target/swagger-ui-gateway 2>&1) && result="done $result" || true
    check "Execute works (screenshots in target/swagger-ui-gateway)" 'done .*' "$result"
    check "by requests that all have the prefix" 0 "$(grep '"path":"/' "$work/out.log" | tail -n 40 | grep -c '"path":"/\(v1\|swagger\|openapi\)' || true)"
}

python3 src/gateway/replicas.py "$fake" "$work" &
fakes=$!
sleep 1
headers
management
own_errors
retries
edge
replicas
[ "${1:-}" != swagger ] || swagger
summary

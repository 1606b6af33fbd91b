#!/usr/bin/env bash
# Runs the service in the folder it is in, sends it what users send, and has the JVM write an AOT cache as it stops: classes are
# then loaded and linked from the start on. Profiles are left out of it: with them the start was no shorter, and the service
# took twice as long to its full speed.
#
#     train.sh CACHE TENSORS      the file to write; a folder with npz and safetensors bodies
#
# Flags that change how objects are laid out must be the run's own, or the JVM refuses the cache; the heap's size is none. Every
# answer is checked: a cache that was trained on errors would go unnoticed. The image has no HTTP client; bash opens the
# connections.
set -euo pipefail
cache=$1
tensors=$2
port=18080 service=
work=$(mktemp -d)
trap 'kill -9 $service 2>/dev/null || true; rm -rf "$work"' EXIT

java -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining -XX:AOTCacheOutput="$cache" -Dspring.aot.enabled=true -jar loss-service.jar --server.port=$port --management.server.port=$((port + 1)) &
service=$!

# send TIMES STATUS METHOD PATH [TYPE FILE [HEADER]]: pipelined over one connection, all to be answered with this status
send() {
    local times=$1 status=$2 method=$3 path=$4 type=${5:-} file=${6:-/dev/null} header=${7:-X-None: x} i
    {
        for ((i = 1; i <= times; i++)); do
            printf '%s %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n' "$method" "$path" "$header"
            if [ -n "$type" ]; then printf 'Content-Type: %s\r\nContent-Length: %s\r\n' "$type" "$(stat -c %s "$file")"; fi
            if [ "$i" = "$times" ]; then printf 'Connection: close\r\n'; fi
            printf '\r\n'
            cat "$file"
        done
    } >"$work/requests"
    exec 3<>"/dev/tcp/127.0.0.1/$port"
    cat <&3 >"$work/answers" &
    cat "$work/requests" >&3
    wait $!
    exec 3>&-
    local answered
    answered=$(grep -ao "HTTP/1.1 $status " "$work/answers" | wc -l || true)
    if [ "$answered" != "$times" ]; then
        echo "train.sh: $method $path: $answered of $times answers were $status; the last ones:" >&2
        tail -c 600 "$work/answers" >&2
        exit 1
    fi
}

# numbers ROWS COLUMNS DIGITS: the members input and label of a JSON body
numbers() {
    awk -v rows="$1" -v columns="$2" -v digits="$3" 'BEGIN {
        srand(1)
        printf "\"input\":["
        for (i = 0; i < rows; i++) {
            printf i ? ",[" : "["
            for (j = 0; j < columns; j++) printf "%s%.*f", j ? "," : "", digits, 6 * rand() - 3
            printf "]"
        }
        printf "],\"label\":["
        for (i = 0; i < rows; i++) printf "%s%d", i ? "," : "", int(columns * rand())
        printf "]"
    }'
}

# safetensors TYPE SIZE ROWS COLUMNS: scores of random bytes below 0x40, which are finite and below 4, and labels 0
safetensors() {
    local bytes=$(($2 * $3 * $4)) head
    head="{\"input\":{\"dtype\":\"$1\",\"shape\":[$3,$4],\"data_offsets\":[0,$bytes]},\"label\":{\"dtype\":\"I64\",\"shape\":[$3],\"data_offsets\":[$bytes,$((bytes + 8 * $3))]}}"
    # eight bytes, little-endian; the head is shorter than 256
    printf "\\x$(printf %x ${#head})\\0\\0\\0\\0\\0\\0\\0%s" "$head"
    # tr is cut off by head, which is no failure
    { head -c $((8 * bytes)) /dev/urandom | tr -d '\100-\377' || true; } | head -c $bytes
    head -c $((8 * $3)) /dev/zero
}

json() { # TIMES STATUS BODY [HEADER]
    printf '%s' "$3" >"$work/body"
    send "$1" "$2" POST /v1/losses/multi-margin application/json "$work/body" "${4:-X-None: x}"
}

for _ in {1..240}; do
    (send 1 200 GET /readyz) 2>/dev/null && break
    kill -0 $service
    sleep 0.25
done

for path in / /livez /v1/losses /v1/losses/multi-margin /v1/capabilities /openapi.yaml /swagger-ui/index.html; do
    status=200
    [ "$path" != / ] || status=302
    send 5 $status GET "$path"
done

small='"input":[[1,-2,3],[0,-1,2],[1,0,1]],"label":[0,1,2]'
for _ in {1..8}; do
    json 50 200 "{$small}"
    json 25 200 "{$small,\"weight\":[1,2,0.5],\"p\":2,\"dtype\":\"float64\",\"return_weight_gradient\":true}"
    json 25 200 "{$small,\"reduction\":\"none\",\"grad_output\":[1,2,3],\"convention\":\"pytorch\",\"name\":\"batch\"}" 'Accept-Encoding: gzip'
    json 5 422 '{"input":[[1,2],[3]],"label":[0,"1"],"wieght":[1,1]}'
    json 1 400 '{"input":[[1,NaN]]'
done
for digits in 6 16; do
    for dtype in float32 float64; do
        for p in 1 2; do
            json 20 200 "{$(numbers 64 10 $digits),\"dtype\":\"$dtype\",\"p\":$p}"
            json 3 200 "{$(numbers 256 200 $digits),\"dtype\":\"$dtype\",\"p\":$p}"
        done
    done
done

route=/v1/losses/multi-margin/tensors
npz=application/x-npz
safe=application/vnd.safetensors
safetensors F32 4 256 200 >"$work/f32.safetensors"
safetensors F64 8 256 200 >"$work/f64.safetensors"
for p in 1 2; do
    for file in "$tensors"/savez*.npz "$tensors"/pipe*.npz; do send 20 200 POST "$route?p=$p" $npz "$file"; done
    for file in "$tensors"/{numpy,torch}*.safetensors; do send 40 200 POST "$route?p=$p" $safe "$file"; done
    send 20 200 POST "$route?p=$p&reduction=none" $safe "$work/f32.safetensors"
    send 20 200 POST "$route?p=$p&non_finite=propagate" $safe "$work/f64.safetensors" "Accept: $npz"
done
send 20 422 POST $route $npz "$tensors/refused-float16.npz"
send 5 404 GET /nowhere
send 5 415 POST $route text/plain "$tensors/savez-all.npz"

kill -TERM $service
wait $service || true
test -s "$cache"

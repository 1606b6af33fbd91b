# What check.sh and containers.sh share: counting checks, asking, and load while something happens. They set work, url, route and
# small before they use it.

checks=0 failures=0

# check NAME EXPECTED ACTUAL: the actual text is to match the regular expression
check() {
    checks=$((checks + 1))
    if [[ $3 =~ ^($2)$ ]]; then
        printf 'ok    %s\n' "$1"
    else
        failures=$((failures + 1))
        printf 'FAIL  %s: expected %s, found %s\n' "$1" "$2" "$3"
    fi
}

# Status and body of one request, which is not normalised on the way.
ask() { curl -s --path-as-is -m 20 -w '%{http_code} ' -o "$work/body" "$@" || true; cat "$work/body" 2>/dev/null; }
post() { ask -H 'Content-Type: application/json' -d "$small" "$@"; }

# load NAME BODY FAILURES COMMAND...: what fails from 3 s before the command until 3 s after it, which load.py bounds
load() {
    local name=$1 body=$2 expected=$3
    python3 src/gateway/load.py "$url/loss$route" "$body" 6 240 >"$work/load" &
    local client=$!
    sleep 3
    "${@:4}" >"$work/log"
    sleep 3
    kill $client && wait $client
    check "$name" "[0-9]+ requests of [0-9]+ bytes, $expected" "$(cat "$work/load")"
    echo "      $(cat "$work/load")"
}

none='0 failed .*'
# an answer that was on its way when its replica was killed is cut short: nobody can take that back
few="($none|[1-6] failed \\{'200': [0-9]+, 'IncompleteRead': [1-6]\\})"

summary() {
    echo "$((checks - failures)) passed, $failures failed"
    [ $failures = 0 ]
}

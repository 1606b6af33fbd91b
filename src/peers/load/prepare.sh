#!/usr/bin/env bash
# What load.sh and start.sh need: a Python with the peers' libraries, the jar, the classes of the benchmarks, and in
# target/container what the image holds: the jar with its prepared beans, extracted, with an AOT cache that was trained by the
# image's own script.
set -euo pipefail
cd "$(dirname "$0")/../../.."
venv=${PEERS_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/loss-service-peers}
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install -q 'torch==2.13.0' numpy safetensors orjson fastapi 'uvicorn[standard]'
mvn -B -q -Pcontainer -Dmaven.test.skip=true package
mvn -B -q -Pbench test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/bench.classpath

folder=$PWD/target/container
train=$PWD/src/main/docker/train.sh
tensors=$PWD/src/test/resources/tensors
export PATH=${JAVA_HOME:?is a JDK 25}/bin:$PATH
rm -rf "$folder"
java -Djarmode=tools -jar target/loss-service-*.jar extract --application-filename loss-service.jar --destination "$folder"
cd "$folder"
bash "$train" "$folder/loss-service.aot" "$tensors" >train.log 2>&1 || { cat train.log >&2; exit 1; }

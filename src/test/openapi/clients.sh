#!/usr/bin/env bash
# Generates clients from openapi.yaml into a temporary folder, compiles those whose tools are here, and calls a running service
# from TypeScript and Java: clients.sh [http://localhost:8080]. Needs Maven, a JDK 25 (JAVA_HOME), Node and npm; Go and Python
# clients are compiled where go and python3 are.
set -euo pipefail
url=${1:-http://localhost:8080}
cd "$(dirname "$0")/../../.."
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
version=7.25.0
mvn -B -q dependency:copy -Dartifact=org.openapitools:openapi-generator-cli:$version -DoutputDirectory="$work"
generate() {
    "${JAVA_HOME:?}/bin/java" -jar "$work/openapi-generator-cli-$version.jar" generate -i "$root/openapi.yaml" -g "$1" -o "$work/$1" \
        --additional-properties="$2" >"$work/$1.log" 2>&1 || { tail -30 "$work/$1.log"; exit 1; }
}
generate typescript-fetch supportsES6=true
generate java openApiNullable=false,containerDefaultToNull=true,hideGenerationTimestamp=true
generate python packageName=loss_client
generate go packageName=lossclient

cd "$work/typescript-fetch"
cat >call.mts <<T
import { Configuration, LossesApi } from "./index.js";
const api = new LossesApi(new Configuration({ basePath: "$url" }));
const answer = await api.multiMargin({ multiMarginRequest: { input: [[1, -2, 3], [0, -1, 2], [1, 0, 1]], label: [0, 1, 2] } });
if (answer.loss.data[0] !== 1.1111112 || answer.gradient!.data[1][1] !== -0.22222222) throw new Error(JSON.stringify(answer));
console.log("typescript-fetch: compiled, loss", answer.loss.data[0]);
T
echo '{"type":"module"}' >package.json
npm install --silent --no-fund --no-audit typescript@5.9.3 @types/node@24 >/dev/null 2>&1
npx tsc --target es2022 --module nodenext --moduleResolution nodenext --lib es2022,dom --skipLibCheck --outDir out call.mts index.ts >tsc.log 2>&1 \
    || npx tsc --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom --skipLibCheck --outDir out call.mts index.ts
(cd out && find . -name '*.js' -exec sed -i -E "s#from '(\./[^']*|\.\./[^']*)'#from '\1.js'#; s#\.js\.js#.js#; s#(apis|models)\.js#\1/index.js#" {} + && echo '{"type":"module"}' >package.json && node call.mjs)

cd "$work/java"
mkdir -p src/main/java/call
cat >src/main/java/call/Call.java <<T
package call;
import java.math.BigDecimal;
import java.util.List;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.LossesApi;
import org.openapitools.client.model.MultiMarginRequest;
public class Call {
    public static void main(String[] args) throws Exception {
        ApiClient client = new ApiClient();
        client.setBasePath("$url");
        MultiMarginRequest request = new MultiMarginRequest()
            .input(List.of(List.of(1.0, -2.0, 3.0), List.of(0.0, -1.0, 2.0), List.of(1.0, 0.0, 1.0))).label(List.of(0, 1, 2));
        double loss = new LossesApi(client).multiMargin(request).getLoss().getData().get(0);
        if (loss != 1.1111112) throw new IllegalStateException("loss " + loss);
        System.out.println("java: compiled, loss " + loss);
    }
}
T
mvn -B -q -Dmaven.test.skip=true package dependency:copy-dependencies -DoutputDirectory=target/lib >mvn.log 2>&1 || { tail -30 mvn.log; exit 1; }
"$JAVA_HOME/bin/java" -cp "target/classes:target/lib/*" call.Call

if command -v python3 >/dev/null; then python3 -m compileall -q "$work/python/loss_client" && echo "python: compiled"; fi
if command -v go >/dev/null; then (cd "$work/go" && go build ./... && echo "go: compiled"); else echo "go: generated, not compiled (no go here)"; fi

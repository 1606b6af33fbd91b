#!/usr/bin/env bash
# Writes the JSON schemas that KubernetesTest holds src/kubernetes to, from the types of the npm package kubernetes-models, which
# are made of Kubernetes' own API description: fields, which are required, enumerations. Unknown fields are refused. The kinds
# used have no numbers but integers. Needs Node and npm; to be run when a kind or a new Kubernetes is wanted.
#
#     src/test/kubernetes/schemas.sh
set -euo pipefail
cd "$(dirname "$0")/../../.."
models=5.1.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/manifests.ts" <<'END'
import { IDeployment } from "kubernetes-models/apps/v1/Deployment";
import { IHorizontalPodAutoscaler } from "kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler";
import { INetworkPolicy } from "kubernetes-models/networking.k8s.io/v1/NetworkPolicy";
import { IPodDisruptionBudget } from "kubernetes-models/policy/v1/PodDisruptionBudget";
import { IService } from "kubernetes-models/v1/Service";
import { IServiceAccount } from "kubernetes-models/v1/ServiceAccount";
export type Manifest =
    IDeployment | IHorizontalPodAutoscaler | INetworkPolicy | IPodDisruptionBudget | IService | IServiceAccount;
END
cat >"$work/tsconfig.json" <<'END'
{"compilerOptions": {"module": "esnext", "moduleResolution": "bundler", "strict": true, "skipLibCheck": true}, "files": ["manifests.ts"]}
END
cd "$work"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts "kubernetes-models@$models" ts-json-schema-generator@2.10.0
npx ts-json-schema-generator --path manifests.ts --tsconfig tsconfig.json --type Manifest --jsDoc none --out raw.json
cd - >/dev/null
# one definition a line, so that a difference can be read
node - "$work/raw.json" "$models" >src/test/resources/kubernetes.json <<'END'
const [file, version] = process.argv.slice(2);
const integers = (key, value) => value === "number" && key !== "const" ? "integer"
    : Array.isArray(value) && key === "type" ? value.map(type => type === "number" ? "integer" : type) : value;
const { definitions } = JSON.parse(require("fs").readFileSync(file), integers);
delete definitions.Manifest;
const lines = Object.keys(definitions).sort().map(name => `    ${JSON.stringify(name)}: ${JSON.stringify(definitions[name])}`);
console.log(`{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "$comment": "Made by src/test/kubernetes/schemas.sh from kubernetes-models ${version} (MIT), itself from Kubernetes (Apache-2.0).",
  "definitions": {
${lines.join(",\n")}
  }
}`);
END

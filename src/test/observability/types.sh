#!/usr/bin/env bash
# Holds the dashboard to the types that Grafana publishes, of the version in docker-compose.yml: nothing is missing, misspelt or
# of another kind. Needs Node and npm.
set -euo pipefail
cd "$(dirname "$0")/../../.."
version=$(sed -n 's#.*image: grafana/grafana:##p' docker-compose.yml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
{
    echo "import type { Dashboard } from './node_modules/@grafana/schema/dist/types/raw/dashboard/x/dashboard_types.gen';"
    echo "export const dashboard: Dashboard = $(cat src/observability/dashboard.json);"
} >"$work/dashboard.ts"
cd "$work"
npm install --silent --no-fund --no-audit --ignore-scripts "@grafana/schema@$version" typescript@5.9.3 >/dev/null
npx --no-install tsc --noEmit --strict --skipLibCheck --module esnext --moduleResolution bundler dashboard.ts
echo "ok    the dashboard is one of Grafana $version"

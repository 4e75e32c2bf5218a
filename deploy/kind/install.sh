#!/bin/bash
# A kind cluster with the public images of everything: EMQX Operator, a Prometheus with its operator, and EMQX. Needs a network, docker,
# kind, kubectl and helm. Each version is pinned; docs/kind.md has the steps after it.
set -euo pipefail
cd "$(dirname "$0")"

kind create cluster --config ../../kind-config.yaml

# The operator's webhooks get their certificate from it.
helm upgrade --install cert-manager cert-manager --repo https://charts.jetstack.io --version v1.18.2 \
  --namespace cert-manager --create-namespace --set crds.enabled=true --wait
helm upgrade --install emqx-operator emqx-operator --repo https://repos.emqx.io/charts --version 2.2.29 \
  --namespace emqx-operator-system --create-namespace --wait
# It takes PodMonitors of every namespace, and is reached at 127.0.0.1:32090.
helm upgrade --install prometheus kube-prometheus-stack --repo https://prometheus-community.github.io/helm-charts --version 84.5.0 \
  --namespace monitoring --create-namespace --values prometheus.yaml --wait

kubectl apply --filename secret.yaml --filename emqx.yaml --filename pod-monitor.yaml
kubectl wait emqx/emqx --for=condition=Ready --timeout=10m

"""Renders the chart and gives its manifests in the forms the checks ask for.

Knows Helm and YAML; judges nothing.
"""

import re
import tomllib
from pathlib import Path

import helm_python
import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "charts" / "samordna"
SERVICES = ("gateway", "participant", "finance", "reporting")

# What split cannot do without.
SPLIT = {
    "mode": "split",
    "database": {"existingSecret": "databases"},
    "principal": {"existingSecret": "principal"},
    "participant": {"existingSecret": "participant"},
    "gateway": {"existingSecret": "gateway"},
}

# Everything optional turned on at once.
EXTRAS = {
    "image": {"repository": "registry.example.org/house/samordna", "tag": "9.9.9"},
    "imagePullSecrets": [{"name": "pull"}],
    "gateway": {"publicUrl": "https://samordna.example.org"},
    "telemetry": {"endpoint": "http://collector:4317", "logFormat": "text"},
    "service": {"type": "LoadBalancer", "annotations": {"a.example.org/b": "c"}},
    "ingress": {
        "enabled": True,
        "className": "nginx",
        "host": "samordna.example.org",
        "grpcHost": "grpc.samordna.example.org",
        "grpcAnnotations": {"nginx.ingress.kubernetes.io/backend-protocol": "GRPC"},
        "tlsSecretName": "certificate",
    },
    "networkPolicy": {
        "gatewayFrom": [{"namespaceSelector": {"matchLabels": {"name": "ingress"}}}],
        "dnsTo": [{"namespaceSelector": {"matchLabels": {"name": "kube-system"}}}],
        "databaseTo": [{"ipBlock": {"cidr": "10.0.0.7/32"}}],
        "databasePort": 6432,
        "telemetryTo": [{"namespaceSelector": {"matchLabels": {"name": "monitoring"}}}],
        "extraEgress": [{"ports": [{"protocol": "TCP", "port": 15012}]}],
    },
    "podAnnotations": {"mesh.example.org/inject": "true"},
    "podLabels": {"cost-centre": "42"},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "dedicated", "operator": "Exists", "effect": "NoSchedule"}],
    "affinity": {"podAntiAffinity": {}},
    "allInOne": {"persistence": {"storageClassName": "fast"}},
}

WITH_ISSUER = {"database": {**SPLIT["database"], "rootCertificateConfigMap": "issuer"}}

CASES = {
    "allInOne": {},
    "allInOne with everything": EXTRAS,
    "split": SPLIT,
    "split with everything": {
        **EXTRAS,
        **SPLIT,
        **WITH_ISSUER,
        "gateway": {**EXTRAS["gateway"], **SPLIT["gateway"]},
    },
}


class UniqueKeyLoader(yaml.SafeLoader):
    """Refuses a key given twice, of which a plain loader silently keeps the last."""

    def construct_mapping(self, node, deep=False):
        keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.YAMLError(f"given twice: {sorted(twice)} {node.start_mark}")
        return super().construct_mapping(node, deep)


def load_all(text):
    """The documents of a YAML text, without the empty ones."""
    return [document for document in yaml.load_all(text, UniqueKeyLoader) if document]


def manifests(values):
    """Every manifest of the chart with these values, after the schema has passed them."""
    with helm_python.Chart.load(CHART) as chart:
        chart.validate_schema(values)
        files = chart.render(values, name="trial", namespace="samordna", is_install=True)
    return [
        manifest
        for name, text in sorted(files.items())
        if not name.endswith("NOTES.txt")
        for manifest in load_all(text)
    ]


def of_kind(kind, values):
    """The manifests of one kind, by name."""
    return {
        manifest["metadata"]["name"]: manifest
        for manifest in manifests(values)
        if manifest["kind"] == kind
    }


def pods(values):
    """The pod specification of every workload, by the workload's name."""
    return {
        manifest["metadata"]["name"]: manifest["spec"]["template"]["spec"]
        for manifest in manifests(values)
        if manifest["kind"] in ("Deployment", "Job")
    }


def containers(pod):
    """Every container of a pod, those that run first included."""
    return pod.get("initContainers", []) + pod["containers"]


def environment(container):
    """The variables of a container: a text, or the reference it is taken from."""
    return {
        entry["name"]: entry.get("value", entry.get("valueFrom"))
        for entry in container.get("env", [])
    }


def known_variables():
    """The variable of every key of the example configuration, optional ones included."""
    text = (ROOT / "deploy" / "samordna.example.toml").read_text(encoding="utf-8")
    # An optional key stands there as a comment; its name is all that is needed.
    named = re.sub(r"^# ([a-z_]+) = .*$", r"\1 = 0", text, flags=re.MULTILINE)

    def paths(table, prefix):
        for key, value in table.items():
            path = f"{prefix}__{key.upper()}"
            yield from paths(value, path) if isinstance(value, dict) else [path]

    return set(paths(tomllib.loads(named), "SAMORDNA"))

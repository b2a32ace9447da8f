"""Checks the Helm chart and the compose file: what they render, and what they refuse.

Prints a line for each check and, last, how many passed and failed.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import helm_python
import kubernetes_validate
import yaml

from rendered import (
    CASES,
    CHART,
    EXTRAS,
    ROOT,
    SERVICES,
    SPLIT,
    WITH_ISSUER,
    UniqueKeyLoader,
    containers,
    environment,
    known_variables,
    manifests,
    of_kind,
    pods,
)

# The oldest Kubernetes the chart allows and the newest there are schemas for.
VERSIONS = ("1.30", kubernetes_validate.latest_version())

WARNING = 2

# Where names are asked for, unless told.
NAMES = {(protocol, port) for protocol in ("UDP", "TCP") for port in (53, 5353)}

REFUSED_VALUES = {
    "an unknown key": {"replicaCount": 3},
    "an unknown key further in": {"image": {"name": "samordna"}},
    "an unknown service": {**SPLIT, "services": {"ledger": {"replicas": 1}}},
    "an unknown mode": {"mode": "both"},
    "split without a database": {**SPLIT, "database": {"existingSecret": ""}},
    "split without a principal key": {**SPLIT, "principal": {"existingSecret": ""}},
    "split without a master key": {**SPLIT, "participant": {"existingSecret": ""}},
    "split without the gateway's": {**SPLIT, "gateway": {"existingSecret": ""}},
    "no replica": {**SPLIT, "services": {"finance": {"replicas": 0}}},
    "replicas as a text": {**SPLIT, "services": {"finance": {"replicas": "2"}}},
    "an amount that is none": {"allInOne": {"persistence": {"size": "ten"}}},
    "a collector with TLS": {"telemetry": {"endpoint": "https://collector.example.org"}},
    "no port for names": {"networkPolicy": {"dnsPorts": []}},
    # Null takes a key away, as it is when values of an earlier chart are reused.
    "split without a word of the gateway's": {**SPLIT, "gateway": {"existingSecret": None}},
    "values before the database's port": {**SPLIT, "networkPolicy": {"databasePort": None}},
    "values before the ports of names": {"networkPolicy": {"dnsPorts": None}},
    "a public address with a path": {"gateway": {"publicUrl": "https://example.org/app"}},
    "an ingress without a host": {"ingress": {"enabled": True, "tlsSecretName": "certificate"}},
    "an ingress without TLS": {"ingress": {"enabled": True, "host": "samordna.example.org"}},
    "a secret among the values": {"database": {"url": "postgres://user:password@host/name"}},
}


class Chart(unittest.TestCase):
    """What holds for every way of installing it."""

    def test_lint_has_no_warning(self):
        for case, values in CASES.items():
            with self.subTest(case):
                report = helm_python.lint(CHART, values, strict=True)
                bad = [m for m in report["messages"] if m["severity"] >= WARNING]
                self.assertEqual((bad, report["errors"]), ([], []))

    def test_every_manifest_is_strictly_valid(self):
        for case, values in CASES.items():
            for manifest in manifests(values):
                for version in VERSIONS:
                    name = f"{manifest['kind']} {manifest['metadata']['name']}"
                    with self.subTest(case, manifest=name, version=version):
                        kubernetes_validate.validate(manifest, version, strict=True)

    def test_a_manifest_with_an_unknown_field_is_refused(self):
        for name, manifest in of_kind("Deployment", SPLIT).items():
            manifest["spec"]["template"]["spec"]["containers"][0]["cpuLimit"] = "1"
            with self.subTest(name), self.assertRaises(kubernetes_validate.ValidationError):
                kubernetes_validate.validate(manifest, VERSIONS[-1], strict=True)

    def test_the_schema_refuses_what_is_not_a_value(self):
        with helm_python.Chart.load(CHART) as chart:
            for what, values in REFUSED_VALUES.items():
                with self.subTest(what), self.assertRaises(helm_python.HelmError):
                    chart.validate_schema(values)

    def test_the_modes_run_the_processes_they_say(self):
        self.assertEqual(set(of_kind("Deployment", {})), {"trial-samordna"})
        names = {f"trial-samordna-{service}" for service in SERVICES}
        self.assertEqual(set(of_kind("Deployment", SPLIT)), names)
        self.assertEqual(set(of_kind("Job", SPLIT)), {f"{name}-migration" for name in names})
        self.assertEqual(of_kind("Job", {}), {})

    def test_migrations_run_before_the_service(self):
        (alone,) = pods({}).values()
        self.assertEqual([c["args"] for c in alone["initContainers"]], [["migrate"]])
        for name, job in of_kind("Job", SPLIT).items():
            with self.subTest(name):
                hooks = job["metadata"]["annotations"]["helm.sh/hook"]
                self.assertEqual(hooks, "pre-install,pre-upgrade")
                self.assertEqual(pods(SPLIT)[name]["containers"][0]["args"], ["migrate"])

    def test_images_are_named_as_build_image_names_them(self):
        for name, pod in pods({**EXTRAS, **SPLIT}).items():
            service = name.removeprefix("trial-samordna-").removesuffix("-migration")
            for container in containers(pod):
                expected = f"registry.example.org/house/samordna-{service}:9.9.9"
                self.assertEqual(container["image"], expected)
        (alone,) = pods({}).values()
        self.assertEqual(alone["containers"][0]["image"], "samordna:0.1.0")

    def test_the_issuer_of_the_database_is_known_to_whoever_asks_the_database(self):
        for name, pod in pods({**SPLIT, **WITH_ISSUER}).items():
            with self.subTest(name):
                (volume,) = [v for v in pod["volumes"] if v["name"] == "database-issuer"]
                self.assertEqual(volume["configMap"]["name"], "issuer")
                (container,) = containers(pod)
                mounts = {m["name"]: m["mountPath"] for m in container["volumeMounts"]}
                self.assertEqual(mounts["database-issuer"], "/etc/samordna/database")
        for pod in pods(SPLIT).values():
            self.assertNotIn("database-issuer", [v["name"] for v in pod.get("volumes", [])])

    def test_an_embedded_database_has_one_owner_and_a_volume_that_stays(self):
        (deployment,) = of_kind("Deployment", {}).values()
        self.assertEqual(deployment["spec"]["replicas"], 1)
        self.assertEqual(deployment["spec"]["strategy"], {"type": "Recreate"})
        (claim,) = of_kind("PersistentVolumeClaim", {}).values()
        self.assertEqual(claim["metadata"]["annotations"]["helm.sh/resource-policy"], "keep")
        own = {"allInOne": {"persistence": {"existingClaim": "mine"}}}
        self.assertEqual(of_kind("PersistentVolumeClaim", own), {})
        self.assertEqual(of_kind("PersistentVolumeClaim", SPLIT), {})

    def test_disruption_budgets_are_for_more_than_one_replica(self):
        self.assertEqual(of_kind("PodDisruptionBudget", {}), {})
        single = {**SPLIT, "services": {"finance": {"replicas": 1}}}
        budgets = set(of_kind("PodDisruptionBudget", single))
        self.assertEqual(len(budgets), 3)
        self.assertNotIn("trial-samordna-finance", budgets)


class Security(unittest.TestCase):
    """What no pod may do, and who holds which secret."""

    def test_every_container_is_hardened(self):
        for case, values in CASES.items():
            for name, pod in pods(values).items():
                with self.subTest(case, pod=name):
                    self.assertIs(pod["automountServiceAccountToken"], False)
                    self.assertIs(pod["enableServiceLinks"], False)
                    self.assertIs(pod["securityContext"]["runAsNonRoot"], True)
                    self.assertEqual(pod["securityContext"]["runAsUser"], 65532)
                    self.assertEqual(
                        pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"}
                    )
                    for container in containers(pod):
                        self.assertEqual(
                            container["securityContext"],
                            {
                                "allowPrivilegeEscalation": False,
                                "readOnlyRootFilesystem": True,
                                "capabilities": {"drop": ["ALL"]},
                            },
                        )
                        self.assertIn("memory", container["resources"]["limits"])

    def test_the_chart_holds_no_secret(self):
        for case, values in CASES.items():
            with self.subTest(case):
                kinds = {manifest["kind"] for manifest in manifests(values)}
                self.assertFalse(kinds & {"Secret", "ConfigMap"})
                for pod in pods(values).values():
                    for container in containers(pod):
                        for variable, value in environment(container).items():
                            if variable.endswith(("_KEY", "__DATABASE__URL")):
                                self.assertIn("secretKeyRef", value)

    def test_each_process_is_given_its_own_secrets_only(self):
        for name, pod in pods(SPLIT).items():
            service = name.removeprefix("trial-samordna-").removesuffix("-migration")
            half = "private" if service == "gateway" else "public"
            is_migration = name.endswith("-migration")
            for container in containers(pod):
                references = {
                    variable: (value["secretKeyRef"]["name"], value["secretKeyRef"]["key"])
                    for variable, value in environment(container).items()
                    if isinstance(value, dict)
                }
                expected = {
                    f"SAMORDNA__{service.upper()}__DATABASE__URL": ("databases", service),
                }
                if not is_migration:
                    key = f"SAMORDNA__PRINCIPAL__{half.upper()}_KEY"
                    expected[key] = ("principal", f"{half}-key")
                if service in ("participant", "gateway") and not is_migration:
                    master_key = (service, "master-key")
                    expected[f"SAMORDNA__{service.upper()}__MASTER_KEY"] = master_key
                with self.subTest(name):
                    self.assertEqual(references, expected)

    def test_one_process_is_given_the_master_keys_of_secrets(self):
        owners = ("participant", "gateway")
        (pod,) = pods({owner: {"existingSecret": owner} for owner in owners}).values()
        for container in containers(pod):
            for owner in owners:
                reference = environment(container)[f"SAMORDNA__{owner.upper()}__MASTER_KEY"]
                expected = {"name": owner, "key": "master-key"}
                self.assertEqual(reference, {"secretKeyRef": expected})
        (pod,) = pods({}).values()
        for container in containers(pod):
            for owner in owners:
                self.assertNotIn(f"SAMORDNA__{owner.upper()}__MASTER_KEY", environment(container))

    def test_a_service_lets_in_its_callers_only(self):
        callers = {
            "participant": {"gateway", "finance", "reporting"},
            "finance": {"gateway", "reporting"},
            "reporting": {"gateway"},
        }
        policies = of_kind("NetworkPolicy", SPLIT)
        for service, expected in callers.items():
            (rule,) = policies[f"trial-samordna-{service}"]["spec"]["ingress"]
            found = {
                peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"]
                for peer in rule["from"]
            }
            with self.subTest(service):
                self.assertEqual(found, expected)
        self.assertNotIn("from", policies["trial-samordna-gateway"]["spec"]["ingress"][0])
        narrowed = of_kind("NetworkPolicy", {**EXTRAS, **SPLIT})["trial-samordna-gateway"]
        self.assertIn("namespaceSelector", narrowed["spec"]["ingress"][0]["from"][0])
        self.assertEqual(of_kind("NetworkPolicy", {"networkPolicy": {"enabled": False}}), {})


    def test_a_service_gets_out_to_what_it_needs_only(self):
        calls = {
            "gateway": {"participant": 8081, "finance": 8082, "reporting": 8083},
            "participant": {},
            "finance": {"participant": 8081},
            "reporting": {"participant": 8081, "finance": 8082},
        }
        database = {("TCP", 5432)}
        policies = of_kind("NetworkPolicy", SPLIT)
        self.assertEqual(len(policies), 2 * len(SERVICES))
        for service, callees in calls.items():
            policy = policies[f"trial-samordna-{service}"]["spec"]
            peers = [
                (peer["podSelector"]["matchLabels"]["app.kubernetes.io/component"], port)
                for rule in policy["egress"]
                for peer in rule.get("to", [])
                for _, port in egress_ports(rule)
            ]
            anywhere = [egress_ports(rule) for rule in policy["egress"] if "to" not in rule]
            with self.subTest(service):
                self.assertEqual(policy["policyTypes"], ["Ingress", "Egress"])
                self.assertEqual(sorted(peers), sorted(callees.items()))
                self.assertEqual(anywhere, [NAMES, database])
            migration = policies[f"trial-samordna-{service}-migration"]
            with self.subTest(service, migration=True):
                self.assertEqual(migration["spec"]["ingress"], [])
                found = [egress_ports(rule) for rule in migration["spec"]["egress"]]
                self.assertEqual(found, [NAMES, database])
                job = of_kind("Job", SPLIT)[f"trial-samordna-{service}-migration"]
                labels = job["spec"]["template"]["metadata"]["labels"].items()
                chosen = migration["spec"]["podSelector"]["matchLabels"].items()
                self.assertLessEqual(chosen, labels)
                # It is there before the job is.
                self.assertEqual(migration["metadata"]["annotations"]["helm.sh/hook-weight"], "-1")

    def test_one_process_gets_out_to_a_collector_only(self):
        (policy,) = of_kind("NetworkPolicy", {}).values()
        self.assertEqual(policy["spec"]["egress"], [])
        for endpoint, own_port, port in (
            ("http://collector.monitoring:4317", 0, 4317),
            ("http://collector.example.org", 0, 80),
            ("http://collector.monitoring", 4317, 4317),
        ):
            values = {
                "telemetry": {"endpoint": endpoint},
                "networkPolicy": {"telemetryPort": own_port},
            }
            (policy,) = of_kind("NetworkPolicy", values).values()
            found = [egress_ports(rule) for rule in policy["spec"]["egress"]]
            self.assertEqual(found, [NAMES, {("TCP", port)}])

    def test_ways_out_are_narrowed_and_added_to(self):
        peer = {"ipBlock": {"cidr": "10.0.0.7/32"}}
        sidecar = {"ports": [{"protocol": "TCP", "port": 15012}]}
        narrowed = {
            "databaseTo": [peer],
            "databasePort": 6432,
            "dnsTo": [{"namespaceSelector": {}}],
            "dnsPorts": [8053],
            "extraEgress": [sidecar],
        }
        for name, policy in of_kind("NetworkPolicy", {**SPLIT, "networkPolicy": narrowed}).items():
            egress = policy["spec"]["egress"]
            with self.subTest(name):
                self.assertEqual(egress[0]["to"], [{"namespaceSelector": {}}])
                self.assertEqual(egress_ports(egress[0]), {("UDP", 8053), ("TCP", 8053)})
                self.assertEqual((egress[1]["to"], egress_ports(egress[1])), ([peer], {("TCP", 6432)}))
                self.assertEqual(egress[-1], sidecar)


def egress_ports(rule):
    """The ports of a rule, each with its protocol."""
    return {(port["protocol"], port["port"]) for port in rule["ports"]}


class Wiring(unittest.TestCase):
    """That the parts name each other rightly."""

    def test_a_service_selects_exactly_its_own_pods(self):
        for case, values in CASES.items():
            deployments = of_kind("Deployment", values)
            for name, service in of_kind("Service", values).items():
                selector = service["spec"]["selector"].items()
                chosen = [
                    deployment
                    for deployment, manifest in deployments.items()
                    if selector <= manifest["spec"]["template"]["metadata"]["labels"].items()
                ]
                with self.subTest(case, service=name):
                    self.assertEqual(chosen, [name])

    def test_listener_port_and_probes_agree(self):
        for case, values in CASES.items():
            for name, deployment in of_kind("Deployment", values).items():
                container = deployment["spec"]["template"]["spec"]["containers"][0]
                (port,) = [entry["containerPort"] for entry in container["ports"]]
                (listen,) = [
                    value
                    for variable, value in environment(container).items()
                    if variable.endswith("__LISTEN") and "INSECURE" not in variable
                ]
                with self.subTest(case, deployment=name):
                    self.assertEqual(listen, f"0.0.0.0:{port}")
                    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                        self.assertEqual(container[probe]["grpc"]["port"], port)

    def test_every_peer_address_is_a_service_that_lets_the_caller_in(self):
        services = of_kind("Service", SPLIT)
        policies = of_kind("NetworkPolicy", SPLIT)
        for name, deployment in of_kind("Deployment", SPLIT).items():
            labels = deployment["spec"]["template"]["metadata"]["labels"].items()
            variables = environment(deployment["spec"]["template"]["spec"]["containers"][0])
            for variable, value in variables.items():
                if not variable.startswith("SAMORDNA__PEERS__"):
                    continue
                host, port = value.removeprefix("http://").split(":")
                with self.subTest(caller=name, callee=host):
                    self.assertEqual(services[host]["spec"]["ports"][0]["port"], int(port))
                    admitted = policies[host]["spec"]["ingress"][0]["from"]
                    self.assertTrue(
                        any(
                            peer["podSelector"]["matchLabels"].items() <= labels
                            for peer in admitted
                        )
                    )

    def test_every_variable_is_a_key_of_the_example_configuration(self):
        known = known_variables()
        for case, values in CASES.items():
            for pod in pods(values).values():
                for container in containers(pod):
                    with self.subTest(case):
                        self.assertLessEqual(set(environment(container)), known)


class Secrets(unittest.TestCase):
    """What deploy/make-secrets writes."""

    def made(self, before):
        """The lines of .env after it ran in a folder where .env held this text."""
        with tempfile.TemporaryDirectory() as folder:
            script = shutil.copy(ROOT / "deploy" / "make-secrets", folder)
            env = Path(folder) / ".env"
            if before is not None:
                env.write_text(before, encoding="utf-8")
            subprocess.run([script], check=True, capture_output=True)
            return env.read_text(encoding="utf-8")

    def test_they_are_all_that_compose_asks_for(self):
        compose = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
        asked = set(re.findall(r"\$\{(\w+):-\}", compose))
        self.assertEqual(set(re.findall(r"^([A-Z][A-Z0-9_]*)=", self.made(None), re.MULTILINE)), asked)

    def test_what_is_missing_is_added_and_the_rest_is_kept(self):
        whole = self.made(None)
        self.assertEqual(self.made(whole), whole)
        former, _ = whole.split("GATEWAY_MASTER_KEY=")
        for before in (former, former.rstrip("\n"), f"{former}GATEWAY_MASTER_KEY=\n"):
            after = self.made(before)
            self.assertTrue(after.startswith(before))
            self.assertRegex(after, r'\nGATEWAY_MASTER_KEY="[A-Za-z0-9+/]{43}="\n$')
            self.assertEqual(after.count("PRIVATE KEY-----"), 2)


class Compose(unittest.TestCase):
    """The same promises for one machine."""

    @classmethod
    def setUpClass(cls):
        text = (ROOT / "deploy" / "compose.yaml").read_text(encoding="utf-8")
        cls.services = yaml.load(text, UniqueKeyLoader)["services"]

    def ours(self):
        """The services that run our own images."""
        return {
            name: service
            for name, service in self.services.items()
            if service["image"].startswith("samordna")
        }

    def test_every_service_is_in_one_profile(self):
        profiles = {name: service["profiles"] for name, service in self.services.items()}
        self.assertEqual(profiles["samordna"], ["all-in-one"])
        self.assertEqual(profiles["collector"], ["telemetry"])
        self.assertEqual(profiles["operator"], ["operator"])
        split = {name for name, chosen in profiles.items() if chosen == ["split"]}
        migrations = {f"{service}-migration" for service in SERVICES}
        self.assertEqual(split, {"postgres", *SERVICES, *migrations})

    def test_every_variable_is_a_key_of_the_example_configuration(self):
        for name, service in self.ours().items():
            with self.subTest(name):
                self.assertLessEqual(set(service["environment"]), known_variables())

    def test_each_process_is_given_its_own_secrets_only(self):
        for name, service in self.ours().items():
            owner = name.removesuffix("-migration")
            # The operator's commands look at all databases; one process has its own.
            owners = {"operator": SERVICES, "samordna": []}.get(owner, [owner])
            expected = {f"SAMORDNA__{each.upper()}__DATABASE__URL" for each in owners}
            if name in SERVICES:
                half = "PRIVATE" if owner == "gateway" else "PUBLIC"
                expected.add(f"SAMORDNA__PRINCIPAL__{half}_KEY")
            for holder in ("participant", "gateway"):
                if name in (holder, "samordna", "operator"):
                    expected.add(f"SAMORDNA__{holder.upper()}__MASTER_KEY")
            found = {
                variable
                for variable in service["environment"]
                if variable.endswith(("_KEY", "__DATABASE__URL"))
            }
            with self.subTest(name):
                self.assertEqual(found, expected)

    def test_every_container_is_hardened_and_published_on_loopback_only(self):
        for name, service in self.ours().items():
            with self.subTest(name):
                self.assertIs(service["read_only"], True)
                self.assertEqual(service["cap_drop"], ["ALL"])
                self.assertEqual(service["security_opt"], ["no-new-privileges:true"])
        for service in self.services.values():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"))


if __name__ == "__main__":
    outcome = unittest.main(exit=False, verbosity=2).result
    # A check counts once, however many of its cases failed.
    bad = {
        getattr(test, "test_case", test).id() for test, _ in outcome.failures + outcome.errors
    }
    sys.stderr.flush()
    print(f"chart: {outcome.testsRun - len(bad)} passed, {len(bad)} failed", flush=True)
    sys.exit(1 if bad or not outcome.testsRun else 0)

"""Asks a running gateway for the demonstration's funding table and files, as a partner would.

Shares no code with the product: it is written in another language, compiles the
published contract for itself and gets its token over HTTP. It expects what the
federation's own follow-up of the first half of 2025 says, in thousands of kronor.

    SAMORDNA_CLIENT_SECRET=… funding_table.py HOST:PORT CLIENT_ID
"""

import argparse
import importlib
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import grpc
import grpc_tools
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)
from grpc_tools import protoc

from general_ledger import GeneralLedger

PROTO = Path(__file__).resolve().parents[2] / "proto"
FEDERATION = "federations/vastmanland"
SERVICE = "samordna.finance.v1.FundingTableService"
SECONDS = 20

# Granted for 2025, requisitioned January to June, share in percent.
ROWS = {
    "Teamsamverkan Västra Mälardalen": (1550, 937, 60),
    "Samordningsteam FNS": (1650, 589, 36),
    "Samordningsteam Hallstahammar": (1250, 580, 46),
    "Samordningsteam Sala": (1720, 787, 46),
    "Samordningsteam Surahammar": (1250, 505, 40),
    "Samordningsteam Västerås": (6100, 2359, 39),
    "Psykiatriresurs från Region Västmanland": (321, 116, 36),
}
TOTAL = (13841, 5873, 42)
FORECAST_TOTAL = 11746
WARNED_OVER = {"Teamsamverkan Västra Mälardalen": 324}


def compile_contract(folder):
    """Compiles the published files into `folder` and makes them importable."""
    files = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    arguments = [f"-I{PROTO}", f"-I{well_known}", f"--python_out={folder}"]
    arguments.append(f"--grpc_python_out={folder}")
    if protoc.main(["protoc", *arguments, *files]) != 0:
        raise SystemExit("the contract does not compile")
    sys.path.insert(0, folder)
    # The namespace was looked up before the folder was there.
    importlib.invalidate_caches()


def fetch_token(address, client_id, client_secret):
    """A bearer token for the client's credentials (RFC 6749, section 4.4)."""
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": client_secret,
    }
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(
        f"http://{address}/oauth2/token", data=body, timeout=SECONDS
    ) as answer:
        fields = json.load(answer)
    assert fields["token_type"].lower() == "bearer", fields["token_type"]
    assert fields["expires_in"] > 0
    return fields["access_token"]


def thousands(ore):
    """Whole thousands of kronor, half rounded up."""
    return (ore + 50_000) // 100_000


class Partner(unittest.TestCase):
    """A partner's first hour with the API."""

    options = None

    @classmethod
    def setUpClass(cls):
        cls.funding = importlib.import_module("samordna.finance.v1.funding_table_pb2")
        calls = importlib.import_module("samordna.finance.v1.funding_table_pb2_grpc")
        # Nothing between this program and the gateway may answer in its place.
        cls.channel = grpc.insecure_channel(
            cls.options.address, options=[("grpc.enable_http_proxy", 0)]
        )
        cls.stub = calls.FundingTableServiceStub(cls.channel)
        cls.token = fetch_token(
            cls.options.address, cls.options.client_id, os.environ["SAMORDNA_CLIENT_SECRET"]
        )

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()

    def table(self, token, parent=FEDERATION):
        """Asks for the first half of 2025."""
        request = self.funding.GetFundingTableRequest(parent=parent, year=2025)
        first, last = request.period.first_day, request.period.last_day
        first.year, first.month, first.day = 2025, 1, 1
        last.year, last.month, last.day = 2025, 6, 30
        metadata = [("authorization", f"Bearer {token}")] if token else []
        answer = self.stub.GetFundingTable(request, metadata=metadata, timeout=SECONDS)
        return answer.funding_table

    def refusal(self, *arguments, **named):
        """The code with which the same question is refused."""
        with self.assertRaises(grpc.RpcError) as refused:
            self.table(*arguments, **named)
        return refused.exception.code()

    def test_the_total_is_the_federations_own(self):
        total = self.table(self.token).total
        self.assertEqual(total.granted_ore, 1_384_100_000)
        self.assertEqual(total.requisitioned_ore, 587_300_000)
        self.assertEqual(total.share_percent, 42)
        self.assertEqual(
            (thousands(total.granted_ore), thousands(total.requisitioned_ore), 42), TOTAL
        )
        self.assertEqual(thousands(total.forecast_ore), FORECAST_TOTAL)

    def test_every_row_is_the_federations_own(self):
        found = {
            row.display_name: (
                thousands(row.amounts.granted_ore),
                thousands(row.amounts.requisitioned_ore),
                row.amounts.share_percent,
            )
            for row in self.table(self.token).rows
        }
        self.assertEqual(found, ROWS)

    def test_one_recipient_is_warned(self):
        over = self.funding.FUNDING_WARNING_KIND_OVER
        found = {
            row.display_name: thousands(warning.amount_ore)
            for row in self.table(self.token).rows
            for warning in row.warnings
            if warning.kind == over
        }
        self.assertEqual(found, WARNED_OVER)

    def test_nothing_is_told_without_a_right_token(self):
        unauthenticated = grpc.StatusCode.UNAUTHENTICATED
        self.assertEqual(self.refusal(None), unauthenticated)
        self.assertEqual(self.refusal("wrong"), unauthenticated)
        head, body, signature = self.token.split(".")
        changed = ("A" if signature[0] != "A" else "B") + signature[1:]
        self.assertEqual(self.refusal(".".join((head, body, changed))), unauthenticated)

    def test_another_federation_is_not_found(self):
        code = self.refusal(self.token, parent="federations/elsewhere")
        self.assertEqual(code, grpc.StatusCode.NOT_FOUND)

    def test_a_wrong_secret_gets_no_token(self):
        with self.assertRaises(urllib.error.HTTPError) as refused:
            fetch_token(self.options.address, self.options.client_id, "wrong")
        self.assertIn(refused.exception.code, (400, 401))

    def test_health_is_told_to_anybody(self):
        stub = health_pb2_grpc.HealthStub(self.channel)
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS)
        self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_reflection_describes_the_same_contract(self):
        database = ProtoReflectionDescriptorDatabase(self.channel)
        self.assertIn(SERVICE, database.get_services())
        described = DescriptorPool(database).FindServiceByName(SERVICE)
        published = self.funding.DESCRIPTOR.services_by_name["FundingTableService"]
        self.assertEqual(
            [method.name for method in described.methods],
            [method.name for method in published.methods],
        )


class Readme(unittest.TestCase):
    """What partners are told to begin with."""

    options = None
    folder = None

    def test_the_client_that_the_contract_comes_with_runs_as_it_stands(self):
        text = (PROTO / "README.md").read_text(encoding="utf-8")
        client = re.search(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[1]
        environment = os.environ | {
            "PYTHONPATH": self.folder,
            "SAMORDNA_ADDRESS": self.options.address,
            "SAMORDNA_CLIENT_ID": self.options.client_id,
            "no_proxy": self.options.address.split(":")[0],
        }
        done = subprocess.run(
            [sys.executable, "-c", client],
            env=environment,
            capture_output=True,
            encoding="utf-8",
            timeout=10 * SECONDS,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        for said in (
            f"{FEDERATION}/accounts/{self.options.client_id} may",
            "REQUISITION_STATE_APPROVED",
            "INVALID_ARGUMENT",
            "recipient_id ID_MALFORMED",
            "recipient.display_name TEXT_MISSING",
            "requisition.approved",
        ):
            self.assertIn(said, done.stdout)


def main():
    """Runs the checks and prints, last, how many passed and failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="HOST:PORT of the gateway")
    parser.add_argument("client_id")
    Partner.options = parser.parse_args()
    GeneralLedger.options = Partner.options
    GeneralLedger.fetch_token = staticmethod(fetch_token)
    with tempfile.TemporaryDirectory() as folder:
        compile_contract(folder)
        Readme.options, Readme.folder = Partner.options, folder
        load = unittest.defaultTestLoader.loadTestsFromTestCase
        suite = unittest.TestSuite([load(Partner), load(GeneralLedger), load(Readme)])
        outcome = unittest.TextTestRunner(verbosity=2).run(suite)
    # A failed set-up is one failure, although no test of it ran.
    bad = len(outcome.failures) + len(outcome.errors)
    passed = max(outcome.testsRun - bad, 0)
    sys.stderr.flush()
    print(f"partner: {passed} passed, {bad} failed", flush=True)
    return 1 if bad or not passed else 0


if __name__ == "__main__":
    sys.exit(main())

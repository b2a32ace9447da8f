"""Fetches the demonstration's vouchers and reads them with a program that is not ours.

The federation's office has a ledger of another maker. This check enters a plan of
accounts, asks for the file (SIE 4, code page 437), reads it with a reader that others
have written, and expects the sums and the letters of the federation's own follow-up.
"""

import importlib
import os
import tempfile
import unittest
import uuid
from decimal import Decimal

import grpc
import pandas
from pysie_accounting.pysie import PySIE

FEDERATION = "federations/vastmanland"
SECONDS = 20
YEAR = 2025

# What the initiatives have cost from January to June, in kronor.
INITIATIVES = Decimal(5_873_000)
PARTIES = ["arboga", "koping"]


class GeneralLedger(unittest.TestCase):
    """The office's ledger takes in what happened here."""

    options = None
    fetch_token = None

    @classmethod
    def setUpClass(cls):
        cls.export = importlib.import_module("samordna.finance.v1.export_pb2")
        cls.plan = importlib.import_module("samordna.finance.v1.account_plan_pb2")
        cls.ledger = importlib.import_module("samordna.finance.v1.ledger_pb2")
        cls.requisition = importlib.import_module("samordna.finance.v1.requisition_pb2")
        exports = importlib.import_module("samordna.finance.v1.export_pb2_grpc")
        plans = importlib.import_module("samordna.finance.v1.account_plan_pb2_grpc")
        cls.channel = grpc.insecure_channel(
            cls.options.address, options=[("grpc.enable_http_proxy", 0)]
        )
        cls.token = cls.fetch_token(
            cls.options.address, cls.options.client_id, os.environ["SAMORDNA_CLIENT_SECRET"]
        )
        cls.exports = exports.ExportServiceStub(cls.channel)
        cls.plans = plans.AccountPlanServiceStub(cls.channel)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()

    def call(self, method, request):
        """Asks with the token."""
        metadata = [("authorization", f"Bearer {self.token}")]
        return method(request, metadata=metadata, timeout=SECONDS)

    def enter_plan(self):
        """Enters the plan in the place of the one there is."""
        name = f"{FEDERATION}/accountPlan"
        before = self.call(self.plans.GetAccountPlan, self.plan.GetAccountPlanRequest(name=name))
        request = self.plan.SetAccountPlanRequest(
            name=name, etag=before.account_plan.etag, request_id=str(uuid.uuid4())
        )
        plan = request.account_plan
        plan.voucher_series, plan.party_dimension = "S", 20
        accounts = [
            ("BANK", "", "1930", "Förbundets bank"),
            ("RECEIVABLE", "", "1510", "Fordringar på huvudmän"),
            ("PAYABLE", "", "2440", "Skulder till huvudmän"),
            ("CONTRIBUTIONS", "", "3010", "Bidrag från parterna"),
            ("INITIATIVES", "", "4000", "Insatser, övrigt"),
            ("INITIATIVES", "STAFF", "4010", "Insatser, löner (ÅÄÖ åäö)"),
        ]
        for account, kind, number, title in accounts:
            row = plan.accounts.add(number=number, title=title)
            row.account = self.ledger.LedgerAccount.Value(f"LEDGER_ACCOUNT_{account}")
            if kind:
                row.cost_kind = self.requisition.CostKind.Value(f"COST_KIND_{kind}")
        for party in PARTIES:
            plan.parties.add(party=f"{FEDERATION}/parties/{party}", code="82")
        return self.call(self.plans.SetAccountPlan, request).account_plan

    def read(self):
        """The file, as the other program has read it, and as text."""
        request = self.export.ExportSieRequest(parent=FEDERATION, year=YEAR)
        file = self.call(self.exports.ExportSie, request).file
        reader = PySIE()
        reader.sie_encoding = "cp437"
        # It translates accounts to the tax agency's codes, which there are none of.
        reader.dftrans = pandas.DataFrame(
            {"SRU": pandas.Series(dtype=int), "Ink2": pandas.Series(dtype=str)}
        )
        with tempfile.NamedTemporaryFile(suffix=".se") as kept:
            kept.write(file.content)
            kept.flush()
            reader.open(kept.name)
        return reader, file.content.decode("cp437")

    def test_the_vouchers_have_the_federations_sums_and_its_letters(self):
        self.enter_plan()
        reader, text = self.read()
        self.assertEqual(reader.fnamn, "Samordningsförbundet Västmanland")
        self.assertIn('#KONTO 4010 "Insatser, löner (ÅÄÖ åäö)"\r\n', text)
        self.assertNotIn("\n", text.replace("\r\n", ""))
        self.assertEqual(list(reader.dfrar["Start"]), [YEAR * 10_000 + 101])

        sums = {}
        self.assertGreater(len(reader.verifikat), 0)
        for number, (_, said, _, lines) in reader.verifikat.items():
            amounts = [Decimal(amount) for _, _, amount in lines]
            self.assertEqual(sum(amounts), 0, f"voucher {number}: {said}")
            for account, _, amount in lines:
                sums[account] = sums.get(account, 0) + Decimal(amount)
        self.assertEqual(sums["4000"] + sums["4010"], INITIATIVES)
        self.assertEqual(sum(sums.values()), 0)
        with_party = [
            objects for _, _, _, lines in reader.verifikat.values() for _, objects, _ in lines
        ]
        self.assertIn('20 "82"', with_party)

"""Fetches the demonstration's vouchers and reads them with a program that is not ours.

The federation's office has a ledger of another maker. This check asks for the file
(SIE 4, code page 437), reads it with a reader that others have written, and expects the
sums and the letters of the federation's own follow-up; then the same by a plan of
accounts with a name of its own.
"""

import importlib
import os
import re
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

# What the initiatives have cost from January to June, and what the parties have agreed to
# pay for the year and have paid, in kronor.
INITIATIVES = Decimal(5_873_000)
AGREED, PAID = Decimal(15_680_000), Decimal(7_840_000)
# Counterparties of the demonstration that have something to pay or to be paid.
COUNTERPARTIES = {"814", "82", "84"}
STAFF = "4010"


class GeneralLedger(unittest.TestCase):
    """The office's ledger takes in what happened here."""

    options = None
    fetch_token = None

    @classmethod
    def setUpClass(cls):
        cls.export = importlib.import_module("samordna.finance.v1.export_pb2")
        cls.plan = importlib.import_module("samordna.finance.v1.account_plan_pb2")
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

    def rename(self, number, title):
        """Enters the plan that there is with another name of an account."""
        name = f"{FEDERATION}/accountPlan"
        before = self.call(self.plans.GetAccountPlan, self.plan.GetAccountPlanRequest(name=name))
        request = self.plan.SetAccountPlanRequest(
            name=name, etag=before.account_plan.etag, request_id=str(uuid.uuid4())
        )
        request.account_plan.CopyFrom(before.account_plan)
        (account,) = [row for row in request.account_plan.accounts if row.number == number]
        was, account.title = account.title, title
        self.call(self.plans.SetAccountPlan, request)
        return was

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
        reader, text = self.read()
        self.assertEqual(reader.fnamn, "Samordningsförbundet Västmanland")
        self.assertIn('#KONTO 2440 "Leverantörsskulder"\r\n', text)
        self.assertIn('#OBJEKT 1 "160" "Samordningsteam Västerås"\r\n', text)
        self.assertNotIn("\n", text.replace("\r\n", ""))
        self.assertEqual(list(reader.dfrar["Start"]), [YEAR * 10_000 + 101])

        sums, counterparties = {}, set()
        self.assertGreater(len(reader.verifikat), 0)
        for number, (_, said, _, lines) in reader.verifikat.items():
            amounts = [Decimal(amount) for _, _, amount in lines]
            self.assertEqual(sum(amounts), 0, f"voucher {number}: {said}")
            for account, objects, amount in lines:
                sums[account] = sums.get(account, 0) + Decimal(amount)
                counterparties.update(re.findall(r'20 "(\w+)"', objects))
        costs = [amount for account, amount in sums.items() if account.startswith("4")]
        self.assertEqual(sum(costs), INITIATIVES)
        self.assertEqual((-sums["3980"], sums["1930"]), (AGREED, PAID))
        self.assertEqual(sum(sums.values()), 0)
        self.assertEqual(counterparties, COUNTERPARTIES)

    def test_an_account_is_called_what_the_office_calls_it(self):
        was = self.rename(STAFF, "Löner (ÅÄÖ åäö)")
        try:
            self.assertIn(f'#KONTO {STAFF} "Löner (ÅÄÖ åäö)"\r\n', self.read()[1])
        finally:
            self.rename(STAFF, was)

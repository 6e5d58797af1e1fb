"""A bill as UN/CEFACT Cross Industry Invoice (D22B), in the profile EN 16931 of Factur-X: members in its order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from chassis.money import Money, decimal_text

from receipts.documents.content.people import Party
from receipts.documents.facturx.bill import Adjustment, Bill, BillLine, written
from receipts.documents.facturx.elements import Child, Element, optional
from receipts.domain.people import Address, Clinic
from receipts.domain.printed_invoice import TaxGroup

_NAMESPACES = {
    "xmlns:rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "xmlns:ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "xmlns:qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
    "xmlns:udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
}
_PROFILE = "urn:cen.eu:en16931:2017"
_ONE = "C62"
"""UN/ECE Recommendation 20: of something countable."""
_REASON_CODES = {"G": "VATEX-EU-G", "O": "VATEX-EU-O"}
"""Why what is exported, and what is outside the scope, has no tax (BT-121): whatever words the clinic says it in."""


def cross_industry_invoice(bill: Bill) -> bytes:
    """The XML, in UTF-8."""
    guideline = Element("ram:GuidelineSpecifiedDocumentContextParameter", [Element("ram:ID", _PROFILE)])
    transaction = [*map(_line, bill.lines), _agreement(bill), _delivery(bill), _settlement(bill)]
    root = Element(
        "rsm:CrossIndustryInvoice",
        [
            Element("rsm:ExchangedDocumentContext", [guideline]),
            Element("rsm:ExchangedDocument", _document(bill)),
            Element("rsm:SupplyChainTradeTransaction", transaction),
        ],
        _NAMESPACES,
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{root.written()}\n'.encode()


def _document(bill: Bill) -> list[Child]:
    return [
        Element("ram:ID", bill.number),
        Element("ram:TypeCode", bill.type_code),
        _day("ram:IssueDateTime", bill.issued_on),
        *map(_comment, bill.comments),
    ]


def _comment(text: str) -> Element:
    return Element("ram:IncludedNote", [Element("ram:Content", text)])


def _line(line: BillLine) -> Element:
    quantity = {"unitCode": _ONE}
    several = line.base_quantity != 1
    price = [
        Element("ram:ChargeAmount", decimal_text(line.price)),
        Element("ram:BasisQuantity", decimal_text(line.base_quantity), quantity) if several else None,
    ]
    comment = _comment(line.comment) if line.comment else None
    document = [Element("ram:LineID", str(line.position)), comment]
    product = [optional("ram:SellerAssignedID", line.code), Element("ram:Name", line.name)]
    billed = Element("ram:BilledQuantity", decimal_text(line.quantity), quantity)
    return Element(
        "ram:IncludedSupplyChainTradeLineItem",
        [
            Element("ram:AssociatedDocumentLineDocument", document),
            Element("ram:SpecifiedTradeProduct", product),
            Element("ram:SpecifiedLineTradeAgreement", [Element("ram:NetPriceProductTradePrice", price)]),
            Element("ram:SpecifiedLineTradeDelivery", [billed]),
            Element("ram:SpecifiedLineTradeSettlement", _line_settlement(line)),
        ],
    )


def _line_settlement(line: BillLine) -> list[Child]:
    period = [_day("ram:StartDateTime", line.day), _day("ram:EndDateTime", line.day)] if line.day else []
    total = Element("ram:LineTotalAmount", _amount(line.net))
    return [
        Element("ram:ApplicableTradeTax", _tax(line.tax_category, line.tax_rate)),
        Element("ram:BillingSpecifiedPeriod", period) if period else None,
        *map(_adjustment, line.adjustments),
        Element("ram:SpecifiedTradeSettlementLineMonetarySummation", [total]),
    ]


def _tax(category: str, rate: str) -> list[Child]:
    """A category and its rate; what is outside the scope of tax has none (BR-O-05)."""
    percent = None if category == "O" else Element("ram:RateApplicablePercent", decimal_text(Decimal(rate)))
    return [Element("ram:TypeCode", "VAT"), Element("ram:CategoryCode", category), percent]


def _adjustment(one: Adjustment) -> Element:
    taxed = _tax(one.tax_category, one.tax_rate or "0") if one.tax_category else None
    return Element(
        "ram:SpecifiedTradeAllowanceCharge",
        [
            Element("ram:ChargeIndicator", [Element("udt:Indicator", "true" if one.charge else "false")]),
            Element("ram:ActualAmount", _amount(one.amount)),
            Element("ram:Reason", one.reason),
            Element("ram:CategoryTradeTax", taxed) if taxed else None,
        ],
    )


def _agreement(bill: Bill) -> Element:
    home = bill.seller.address.country if bill.seller.address else ""
    return Element("ram:ApplicableHeaderTradeAgreement", [_seller(bill), _buyer(bill.buyer, home)])


def _seller(bill: Bill) -> Element:
    clinic = bill.seller
    legal = clinic.legal_name or clinic.name
    trading = [Element("ram:TradingBusinessName", clinic.name)] if legal != clinic.name else None
    email = Element("ram:URIID", clinic.email, {"schemeID": "EM"}) if clinic.email else None
    return Element(
        "ram:SellerTradeParty",
        [
            Element("ram:ID", str(clinic.clinic_id)),
            Element("ram:Name", legal),
            Element("ram:SpecifiedLegalOrganization", trading) if trading else None,
            _contact(clinic),
            _address(clinic.address, ""),
            Element("ram:URIUniversalCommunication", [email]) if email else None,
            _registration(bill),
        ],
    )


def _contact(clinic: Clinic) -> Child:
    if not clinic.phone and not clinic.email:
        return None
    phone, email = optional("ram:CompleteNumber", clinic.phone), optional("ram:URIID", clinic.email)
    return Element(
        "ram:DefinedTradeContact",
        [
            Element("ram:DepartmentName", clinic.name),
            Element("ram:TelephoneUniversalCommunication", [phone]) if phone else None,
            Element("ram:EmailURIUniversalCommunication", [email]) if email else None,
        ],
    )


def _registration(bill: Bill) -> Child:
    """By its VAT identifier, else as its tax office knows it; what is outside the scope names none (BR-O-2 to 4)."""
    vat_number = bill.seller.vat_number
    if vat_number and "O" in bill.categories:
        return None
    scheme, said = ("VA", vat_number) if vat_number else ("FC", bill.seller.tax_number or "")
    return Element("ram:SpecifiedTaxRegistration", [Element("ram:ID", said, {"schemeID": scheme})])


def _buyer(party: Party, home: str) -> Element:
    return Element("ram:BuyerTradeParty", [Element("ram:Name", party.name), _address(party.address, home)])


def _address(address: Address | None, home: str) -> Element:
    """An address; of somebody whose is not known, the country in which the bill is written."""
    if address is None:
        return Element("ram:PostalTradeAddress", [Element("ram:CountryID", home)])
    lines = [*address.lines[:2], ", ".join(address.lines[2:])]
    names = ("ram:LineOne", "ram:LineTwo", "ram:LineThree")
    return Element(
        "ram:PostalTradeAddress",
        [
            optional("ram:PostcodeCode", address.postal_code),
            *map(optional, names, lines),
            optional("ram:CityName", address.city),
            Element("ram:CountryID", address.country),
            optional("ram:CountrySubDivisionName", address.region),
        ],
    )


def _delivery(bill: Bill) -> Element:
    day = bill.delivered_on
    occurrence = [_day("ram:OccurrenceDateTime", day)] if day else None
    event = Element("ram:ActualDeliverySupplyChainEvent", occurrence) if occurrence else None
    return Element("ram:ApplicableHeaderTradeDelivery", [event])


def _settlement(bill: Bill) -> Element:
    return Element(
        "ram:ApplicableHeaderTradeSettlement",
        [
            optional("ram:PaymentReference", bill.number if bill.payment else None),
            Element("ram:InvoiceCurrencyCode", bill.currency),
            _payment_means(bill),
            *map(_tax_group, bill.taxes),
            *map(_adjustment, bill.charges),
            _terms(bill),
            Element("ram:SpecifiedTradeSettlementHeaderMonetarySummation", _totals(bill)),
            _preceding(bill),
        ],
    )


def _payment_means(bill: Bill) -> Child:
    """The bank account to pay to: by SEPA where the currency is its, else by a transfer (UNCL 4461)."""
    details = bill.payment
    if details is None or not details.iban:
        return None
    account = [Element("ram:IBANID", details.iban), optional("ram:AccountName", details.account_holder)]
    bank = [Element("ram:BICID", details.bic)] if details.bic else None
    return Element(
        "ram:SpecifiedTradeSettlementPaymentMeans",
        [
            Element("ram:TypeCode", "58" if bill.currency == "EUR" else "30"),
            Element("ram:PayeePartyCreditorFinancialAccount", account),
            Element("ram:PayeeSpecifiedCreditorFinancialInstitution", bank) if bank else None,
        ],
    )


def _tax_group(group: TaxGroup) -> Element:
    """One tax group; what has no tax says why (BR-E-10, BR-G-10, BR-O-10), in a code where the norm has one for it."""
    type_code, category, percent = _tax(group.category, group.rate)
    return Element(
        "ram:ApplicableTradeTax",
        [
            Element("ram:CalculatedAmount", _amount(group.tax)),
            type_code,
            optional("ram:ExemptionReason", "; ".join(group.reasons)),
            Element("ram:BasisAmount", _amount(group.base)),
            category,
            optional("ram:ExemptionReasonCode", _REASON_CODES.get(group.category)),
            percent,
        ],
    )


def _terms(bill: Bill) -> Child:
    said = [
        optional("ram:Description", bill.terms),
        _day("ram:DueDateDateTime", bill.due_on) if bill.due_on else None,
    ]
    return Element("ram:SpecifiedTradePaymentTerms", said) if any(said) else None


def _totals(bill: Bill) -> Iterable[Child]:
    net = bill.line_total + bill.charge_total
    rounded = bill.cash_rounding.minor != 0
    return [
        Element("ram:LineTotalAmount", _amount(bill.line_total)),
        Element("ram:ChargeTotalAmount", _amount(bill.charge_total)) if bill.charges else None,
        Element("ram:TaxBasisTotalAmount", _amount(net)),
        Element("ram:TaxTotalAmount", _amount(bill.tax), {"currencyID": bill.currency}),
        Element("ram:RoundingAmount", _amount(bill.cash_rounding)) if rounded else None,
        Element("ram:GrandTotalAmount", _amount(net + bill.tax)),
        Element("ram:DuePayableAmount", _amount(bill.total)),
    ]


def _preceding(bill: Bill) -> Child:
    if bill.preceding is None:
        return None
    number, day = bill.preceding
    dated = Element("qdt:DateTimeString", _compact(day), {"format": "102"})
    return Element(
        "ram:InvoiceReferencedDocument",
        [Element("ram:IssuerAssignedID", number), Element("ram:FormattedIssueDateTime", [dated])],
    )


def _day(name: str, day: date) -> Element:
    return Element(name, [Element("udt:DateTimeString", _compact(day), {"format": "102"})])


def _compact(day: date) -> str:
    return day.strftime("%Y%m%d")


def _amount(amount: Money) -> str:
    """An amount that was found to have two decimals at most."""
    said = written(amount)
    if said is None:
        raise ValueError("an amount has three decimals")
    return said

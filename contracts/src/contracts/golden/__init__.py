"""One golden example of every event, all of one small story: what producers can emit and consumers must accept.

Amara is insured, has a filling and a check-up, buys a toothbrush, and pays her part with a little too much. The amounts
add up, across events too: a test holds them to that.
"""

from contracts.golden import clinic, installments, insurer, invoices, outcomes, patient, payments
from contracts.golden.example import Golden, data_of, headers_of

GOLDEN: dict[str, Golden] = {
    golden.event.event_type: golden
    for module in (clinic, patient, insurer, invoices, installments, payments, outcomes)
    for golden in module.EXAMPLES
}

__all__ = ["GOLDEN", "Golden", "data_of", "headers_of"]

// Whoever has the npm package alone and writes TypeScript: compiled, not run, by `python -m contracts.packages`.
import { events, type Amount, type Events, type EventType, type PaymentRecorded } from "@dental-billing/contracts";

type Handlers = { readonly [Type in EventType]?: (data: Events[Type]) => void };

const settled = new Map<string, bigint>();

const cents = (money: Amount): bigint => BigInt(money.amount.replace(".", ""));

export const handlers: Handlers = {
  "billing.payment.recorded.v1": (recorded) => {
    for (const { invoice_id, change } of recorded.settlements ?? []) {
      settled.set(invoice_id, (settled.get(invoice_id) ?? 0n) + cents(change));
    }
  },
  "dental.patient.registered.v1": ({ given_name, contact_points }) => {
    const first: string | undefined = contact_points?.[0]?.value;
    void [given_name.toUpperCase(), first];
  },
};

export const topics: readonly string[] = Object.values(events).map((one) => one.topic);

// @ts-expect-error an amount is a decimal string, never a float
export const float: Amount = { amount: 86.28, currency: "USD" };
// @ts-expect-error a list of values has no others
export const method: PaymentRecorded["method"] = "seashells";
// @ts-expect-error what is always there may not be left out
export const unpaid: Amount = { amount: "86.28" };
// @ts-expect-error no event has this type
export const unknown: EventType = "billing.payment.forgotten.v1";

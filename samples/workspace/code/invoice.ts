/**
 * Computes the totals of an invoice: net amounts per tax rate, discounts and rounding.
 *
 * All amounts are integer cents. Floating-point dollars lose a cent somewhere between the third line and the tax
 * office, and the customer always notices.
 */

/** One line of an invoice: an article, how many of it and at which tax rate. */
export interface InvoiceLine {
  description: string;
  quantity: number;
  /** Price of one piece in cents, before tax. */
  unitPriceCents: number;
  /** Tax rate in percent, for example 8.25. */
  taxPercent: number;
}

export interface InvoiceTotals {
  netCents: number;
  /** Tax in cents by rate, because the tax return asks for it that way. */
  taxCentsByRate: Map<number, number>;
  grossCents: number;
}

/** Rounds half away from zero, as bookkeepers do, unlike `Math.round`, which rounds -2.5 to -2. */
export function roundHalfAwayFromZero(value: number): number {
  return Math.sign(value) * Math.round(Math.abs(value));
}

/**
 * Sums the lines and computes the tax once per rate, not once per line, so that many small lines do not
 * accumulate rounding errors.
 * @throws {RangeError} when a quantity is negative or not an integer
 */
export function computeInvoice(lines: readonly InvoiceLine[], discountPercent = 0): InvoiceTotals {
  const netByRate = new Map<number, number>();
  for (const line of lines) {
    if (!Number.isInteger(line.quantity) || line.quantity < 0) {
      throw new RangeError(`The quantity of "${line.description}" must be a whole number, not ${line.quantity}.`);
    }
    const net = line.quantity * line.unitPriceCents * (1 - discountPercent / 100);
    netByRate.set(line.taxPercent, (netByRate.get(line.taxPercent) ?? 0) + net);
  }
  const taxCentsByRate = new Map<number, number>();
  let netCents = 0;
  let grossCents = 0;
  for (const [rate, net] of netByRate) {
    const roundedNet = roundHalfAwayFromZero(net);
    const tax = roundHalfAwayFromZero((roundedNet * rate) / 100);
    taxCentsByRate.set(rate, tax);
    netCents += roundedNet;
    grossCents += roundedNet + tax;
  }
  return { netCents, taxCentsByRate, grossCents };
}

/** Writes cents as people read them: 123456 becomes "$1,234.56". */
export function formatCents(cents: number, locale = 'en-US', currency = 'USD'): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency }).format(cents / 100);
}

/** The day by which an invoice is due. Due dates that fall on a weekend move to the following Monday. */
export function dueDate(issued: Date, termDays: number): Date {
  const due = new Date(issued.getTime());
  due.setUTCDate(due.getUTCDate() + termDays);
  const weekday = due.getUTCDay();
  if (weekday === 6) due.setUTCDate(due.getUTCDate() + 2);
  if (weekday === 0) due.setUTCDate(due.getUTCDate() + 1);
  return due;
}

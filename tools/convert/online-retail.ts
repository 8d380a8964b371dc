/** One invoice of the "Online Retail" data set (UCI, D. Chen 2015), as an NDJSON line. */
export interface Invoice {
  invoice: string;
  /** Local time of the shop without an offset; read as UTC, so that every machine gives the same. */
  at: string;
  customer: string | null;
  country: string;
  /** [sku, quantity, unit price in the currency's major unit] */
  lines: [string, number, number][];
}

export type Converted =
  | { kind: 'order'; order: ShopifyOrder; customer: string | null; totalMinor: number }
  | { kind: 'skipped'; reason: 'cancellation' | 'adjustment' | 'empty' };

/** What of a Shopify order body Enishi reads, and no more. */
export interface ShopifyOrder {
  id: number;
  admin_graphql_api_id: string;
  name: string;
  created_at: string;
  processed_at: string;
  updated_at: string;
  cancelled_at: null;
  financial_status: 'paid';
  currency: string;
  total_price: string;
  current_total_price: string;
  subtotal_price: string;
  total_line_items_price: string;
  total_discounts: string;
  total_tax: string;
  test: false;
  customer: { id: number; admin_graphql_api_id: string } | null;
  line_items: {
    id: number;
    product_id: null;
    variant_id: null;
    title: string;
    sku: string;
    quantity: number;
    price: string;
    total_discount: string;
  }[];
}

export const isInvoice = (value: object): value is Invoice => 'invoice' in value && 'lines' in value;

/**
 * An invoice as the Shopify order it would have been. Invoices that begin with C (cancelled) or A (bad debt) are skipped, lines with a
 * quantity or price of zero or less are dropped, an invoice without a line is skipped. Prices are rounded to the currency's minor unit
 * (two digits) before they are multiplied. A guest has neither customer nor e-mail: such an order stays in its own mailbox.
 */
export function convertInvoice(invoice: Invoice, currency = 'GBP'): Converted {
  if (invoice.invoice.startsWith('C')) return { kind: 'skipped', reason: 'cancellation' };
  if (!/^\d+$/.test(invoice.invoice)) return { kind: 'skipped', reason: 'adjustment' };
  const lines = invoice.lines.filter(([, quantity, price]) => quantity > 0 && price > 0);
  if (lines.length === 0) return { kind: 'skipped', reason: 'empty' };
  const priced = lines.map(([sku, quantity, price]) => ({ sku, quantity, minor: Math.round(price * 100) }));
  const totalMinor = priced.reduce((sum, { quantity, minor }) => sum + quantity * minor, 0);
  const at = `${invoice.at}Z`;
  const total = major(totalMinor);
  return {
    kind: 'order',
    customer: invoice.customer,
    totalMinor,
    order: {
      id: Number(invoice.invoice),
      admin_graphql_api_id: `gid://shopify/Order/${invoice.invoice}`,
      name: `#${invoice.invoice}`,
      created_at: at,
      processed_at: at,
      updated_at: at,
      cancelled_at: null,
      financial_status: 'paid',
      currency,
      total_price: total,
      current_total_price: total,
      subtotal_price: total,
      total_line_items_price: total,
      total_discounts: '0.00',
      total_tax: '0.00',
      test: false,
      customer:
        invoice.customer === null
          ? null
          : { id: Number(invoice.customer), admin_graphql_api_id: `gid://shopify/Customer/${invoice.customer}` },
      line_items: priced.map(({ sku, quantity, minor }, index) => ({
        id: Number(invoice.invoice) * 10_000 + index,
        product_id: null,
        variant_id: null,
        title: sku,
        sku,
        quantity,
        price: major(minor),
        total_discount: '0.00',
      })),
    },
  };
}

const major = (minor: number): string => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`;

import { describe, expect, test } from '@jest/globals';
import { convertInvoice, type Invoice } from '#tools/convert/online-retail.ts';

const anInvoice = (over: Partial<Invoice> = {}): Invoice => ({
  invoice: '536365',
  at: '2010-12-01T08:26:00',
  customer: '17850',
  country: 'United Kingdom',
  lines: [
    ['85123A', 6, 2.55],
    ['71053', 6, 3.39],
  ],
  ...over,
});

describe('an invoice of the online retail data', () => {
  test('becomes a Shopify order with its own date and its total exact in pence', () => {
    const converted = convertInvoice(anInvoice());
    if (converted.kind !== 'order') throw new Error('was skipped');
    expect(converted.totalMinor).toBe(6 * 255 + 6 * 339);
    expect(converted.order).toMatchObject({
      id: 536365,
      created_at: '2010-12-01T08:26:00Z',
      updated_at: '2010-12-01T08:26:00Z',
      currency: 'GBP',
      current_total_price: '35.64',
      customer: { id: 17850 },
    });
    expect(converted.order.line_items).toHaveLength(2);
  });

  test('that begins with C is a cancellation, one that begins with A a correction of the books: both are skipped', () => {
    expect(convertInvoice(anInvoice({ invoice: 'C536379' }))).toEqual({ kind: 'skipped', reason: 'cancellation' });
    expect(convertInvoice(anInvoice({ invoice: 'A563185' }))).toEqual({ kind: 'skipped', reason: 'adjustment' });
  });

  test('loses its lines with a quantity or a price of zero or less, and is skipped when none is left', () => {
    const lines: Invoice['lines'] = [
      ['22633', -2, 1.85],
      ['22632', 3, 0],
      ['84879', 1, 1.69],
    ];
    expect(convertInvoice(anInvoice({ lines }))).toMatchObject({ kind: 'order', totalMinor: 169 });
    expect(convertInvoice(anInvoice({ lines: lines.slice(0, 2) }))).toEqual({ kind: 'skipped', reason: 'empty' });
  });

  test('of a guest has no customer, and keeps a price under a penny as nothing', () => {
    const converted = convertInvoice(anInvoice({ customer: null, lines: [['PADS', 1, 0.001]] }));
    expect(converted).toMatchObject({ kind: 'order', totalMinor: 0, order: { customer: null, total_price: '0.00' } });
  });
});

import { MORNING_SHOP } from '../secrets.ts';
import type { Stage } from '../stage.ts';
import { LOTION, OIL, type Product, SOAP } from './people.ts';

/** What only the shelf knows of a product: its picture's name in tools/local/page/pictures, its shelf, and how many there are. */
const MORE = new Map<Product, { picture: string; category: string; stock: number }>([
  [LOTION, { picture: 'lotion', category: '化粧水', stock: 24 }],
  [SOAP, { picture: 'soap', category: '洗顔', stock: 80 }],
  [OIL, { picture: 'oil', category: 'オイル', stock: 12 }],
]);

/** Products as the shop's server puts them by PUT /v1/products; their pictures are served beside the local inbox. */
export const shelfOf = (products: Product[], { mailUrl }: Pick<Stage, 'mailUrl'>): Record<string, unknown>[] =>
  products.map((product) => {
    const more = MORE.get(product);
    return {
      id: String(product.productId),
      variantId: String(product.variantId),
      sku: product.sku,
      name: product.title,
      price: product.price,
      currency: 'JPY',
      url: `https://${MORNING_SHOP}/products/${product.sku.toLowerCase()}`,
      ...(more === undefined
        ? {}
        : {
            category: more.category,
            stock: more.stock,
            imageUrl: `${mailUrl}/pictures/${more.picture}.svg`,
          }),
    };
  });

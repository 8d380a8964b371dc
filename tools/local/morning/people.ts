/** The small shop's customers. All of them are made up; example.jp belongs to nobody. */
export interface Person {
  memberId: number;
  familyName: string;
  givenName: string;
  email: string;
  /** What they said about marketing mails when they registered. */
  consent: 'subscribed' | 'not_subscribed';
  lineUserId?: string;
}

export const HANAKO: Person = {
  memberId: 7000000000001,
  familyName: '山田',
  givenName: '花子',
  email: 'hanako.yamada@example.jp',
  consent: 'subscribed',
  lineUserId: 'U00000000000000000000000000000001',
};
export const TAKERU: Person = {
  memberId: 7000000000002,
  familyName: '佐藤',
  givenName: '健',
  email: 'takeru.sato@example.jp',
  consent: 'subscribed',
};
export const MISAKI: Person = {
  memberId: 7000000000003,
  familyName: '鈴木',
  givenName: '美咲',
  email: 'misaki.suzuki@example.jp',
  consent: 'subscribed',
};
export const YOKO: Person = {
  memberId: 7000000000004,
  familyName: '高橋',
  givenName: '陽子',
  email: 'yoko.takahashi@example.jp',
  consent: 'subscribed',
};
export const SHOTA: Person = {
  memberId: 7000000000005,
  familyName: '田中',
  givenName: '翔太',
  email: 'shota.tanaka@example.jp',
  consent: 'not_subscribed',
};

export const PEOPLE = [HANAKO, TAKERU, MISAKI, YOKO, SHOTA];
export const nameOf = (person: Person): string => `${person.familyName} ${person.givenName}`;

export interface Product {
  productId: number;
  variantId: number;
  title: string;
  sku: string;
  /** Yen. */
  price: number;
}

export const LOTION: Product = {
  productId: 8000000000001,
  variantId: 4400000000001,
  title: 'うるおい化粧水 150ml',
  sku: 'TB-KS-150',
  price: 3630,
};
export const SOAP: Product = {
  productId: 8000000000002,
  variantId: 4400000000002,
  title: 'つばめの洗顔石けん',
  sku: 'TB-SK-080',
  price: 1980,
};
export const OIL: Product = {
  productId: 8000000000003,
  variantId: 4400000000003,
  title: '椿オイル 30ml',
  sku: 'TB-OL-030',
  price: 4400,
};

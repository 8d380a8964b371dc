import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeAddress, encodeMailbox } from '#adapters/ses/mail-address.ts';
import { decodeWords } from '#tools/local/mail-front/encoded-words.ts';

test('a Japanese name becomes encoded words of at most 75 characters, never cut inside a letter', () => {
  const name = 'つばめ商店のとても長い名前のニュースレター編集部😀'.repeat(2);
  const mailbox = encodeMailbox(`"${name}" <news@example.jp>`) ?? '';
  for (const word of mailbox.replace(' <news@example.jp>', '').split(' ')) expect(word.length).toBeLessThanOrEqual(75);
  expect(mailbox).toMatch(/^[ -~]+$/);
  expect(decodeWords(mailbox)).toBe(`${name} <news@example.jp>`);
});
test('an ASCII name is quoted, its quotes kept', () => {
  expect(encodeMailbox('Tsubame Tea <a@b.jp>')).toBe('"Tsubame Tea" <a@b.jp>');
  expect(encodeMailbox('"Tea, \\"the\\" shop" <a@b.jp>')).toBe('"Tea, \\"the\\" shop" <a@b.jp>');
  expect(encodeMailbox('a@b.jp')).toBe('a@b.jp');
});
test('what is no address is none', () => {
  for (const text of ['', '店', 'a@', '@b.jp', 'a b@c.jp', 'あ@b.jp', 'a@b@c.jp', 'x <>']) {
    expect(encodeMailbox(text)).toBeUndefined();
  }
  expect(encodeAddress('a@例え.テスト')).toBe('a@xn--r8jz45g.xn--zckzah');
});
test('whatever the name, the result is one line of ASCII with the same address', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const mailbox = encodeMailbox(`${name.replaceAll(/[<>]/g, '')} <news@example.jp>`);
      expect(mailbox).toMatch(/^[ -~]*news@example\.jp>?$/);
    }),
  );
});

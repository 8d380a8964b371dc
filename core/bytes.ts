const utf8 = new TextEncoder();

/** Bytes of a text as it is sent: a Japanese character is three. */
export const bytesOf = (text: string): number => utf8.encode(text).length;

import middy from '@middy/core';
import { log } from './log.ts';

/** The edge of what a rule wakes again and again: what is thrown is logged and counts as a failure; the next tick is the retry. */
export function tickEdge(handler: () => Promise<void>) {
  return middy<unknown, void>()
    .onError((request) => log.error('tick-trouble', request.error))
    .handler(async (): Promise<void> => handler());
}

import { CUSTOMER, EVENT_NAMES, fieldAt, isUsableEvent } from '../dictionary/vocabulary.ts';
import { sayCondition } from './read-back-condition.ts';
import { type OwnLabels, sayField, saySpan } from './read-back-words.ts';
import type { EventMatch, EventTrigger, Scenario, Trigger } from './scenario.ts';

export const WEEKDAYS: Record<string, string> = {
  monday: '月',
  tuesday: '火',
  wednesday: '水',
  thursday: '木',
  friday: '金',
  saturday: '土',
  sunday: '日',
};
const NEWS = { restocked: '再入荷', 'price-dropped': '値下げ', published: '新商品の公開' };
const KINDS = {
  requested: 'お知らせを頼んだ人',
  favourite: 'お気に入りに入れた人',
  bought: '買った人',
  viewed: '見た人',
};
/** What begins as something that one does rather than a thing's name. */
const BEGINNINGS: Record<string, string> = {
  'segment.entered': 'セグメントに入った',
  'segment.left': 'セグメントから出た',
  'cart.emptied': 'カートが空になった',
};
/** The longest day of month that every month has. */
const IN_EVERY_MONTH = 28;

export const nameOf = (type: string): string => (isUsableEvent(type) ? EVENT_NAMES[type] : type);

/** What waits count from, before あと and 3日後. */
export const sayBeginning = (trigger: Trigger): string => {
  if (!('event' in trigger)) return 'きっかけの';
  if (trigger.interest) return `${NEWS[trigger.interest.news]}の`;
  return BEGINNINGS[trigger.event] ?? `${nameOf(trigger.event)}の`;
};

/** What `trigger.` paths are called here: the date of a date trigger is the customer's own, not the day it enters. */
export const ownLabels = ({ trigger }: Pick<Scenario, 'trigger'>): OwnLabels =>
  'date' in trigger ? { 'trigger.date': sayField(trigger.date) } : {};

/** What lets somebody in. */
export function sayTrigger({ trigger }: Pick<Scenario, 'trigger'>): string {
  if ('event' in trigger && trigger.interest) return sayInterest(trigger.interest);
  if ('event' in trigger) return sayCrossing(trigger) ?? sayMatch(trigger, {});
  const time = trigger.at === 'best' ? '本人がよく見る時間' : trigger.at;
  if ('date' in trigger) {
    const offset = trigger.offset === undefined ? '' : sayOffset(trigger.offset);
    return `${trigger.every ? '毎年の' : ''}${sayField(trigger.date)}${offset}${whenIn(trigger.date, time)}`;
  }
  if (trigger.every === 'week') {
    const on = trigger.on === 'before-holiday' ? '休みの前の日(週に1回まで)' : `毎週${WEEKDAYS[trigger.on]}曜日`;
    return `${on}、${time ?? '0:00'}`;
  }
  const { day } = trigger;
  const which = typeof day === 'number' ? `${day}日` : `、${sayField(day.like)}と同じ日`;
  const missing = typeof day === 'number' && day <= IN_EVERY_MONTH ? '' : '(その日がない月は末日)';
  return `毎月${which}${missing}、${time ?? '0:00'}`;
}

/** A day has no hour of its own. */
function whenIn(date: string, time: string | undefined): string {
  const isDay = fieldAt(CUSTOMER, date.replace(/^customer\./, ''))?.kind === 'day';
  if (time === undefined) return isDay ? '、0:00' : '';
  return `、${time}`;
}

/** 「商品の再入荷。この60日に関心を示した人(お知らせを頼んだ人・見た人)が、在庫1個につき5人ずつ、2時間ごとに入ります」 */
function sayInterest({ news, kinds, within, pace }: NonNullable<EventTrigger['interest']>): string {
  const who = kinds.map((kind) => KINDS[kind]).join('・');
  const how = pace ? `、在庫1個につき${pace.perStock}人ずつ、${saySpan(pace.every)}ごとに` : '';
  return `商品の${NEWS[news]}。この${saySpan(within)}に関心を示した人(${who})が${how}入ります`;
}

/** An event that somebody waits for, leaves on or reaches. */
export function sayMatch({ event, where, same }: EventMatch, own: OwnLabels): string {
  const alike = same === undefined ? undefined : `きっかけと同じ${sayField(`event.${same}`, own)}`;
  if (!where) return `${nameOf(event)}${alike === undefined ? '' : `(${alike}のもの)`}`;
  return `${nameOf(event)}(${alike === undefined ? '' : `${alike}で、`}${sayCondition(where, own)}もの)`;
}

/** What one does, as the moment of it: the border of a segment as it was written, a cart that is emptied. */
export function sayCrossing({ event, where, same }: EventMatch): string | undefined {
  if (!where && same === undefined && BEGINNINGS[event]) return `${BEGINNINGS[event]}とき`;
  const id = where?.['event.segment'];
  if (typeof id !== 'string' || Object.keys(where ?? {}).length !== 1) return undefined;
  if (event === 'segment.entered') return `セグメント「${id}」に入ったとき`;
  return event === 'segment.left' ? `セグメント「${id}」から出たとき` : undefined;
}

export const sayOffset = (offset: string): string => {
  if (Number.parseInt(offset.replace('-', ''), 10) === 0) return '';
  return offset.startsWith('-') ? `の${saySpan(offset.slice(1))}前` : `の${saySpan(offset)}後`;
};

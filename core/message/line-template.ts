import { checkAction } from './line-action.ts';
import {
  checkColour,
  checkList,
  checkMediaUrl,
  checkText,
  checkWord,
  eachObject,
  find,
  isJson,
  type Json,
  type LineCheck,
} from './line-check.ts';

const COLUMNS = 10;

/** Checks the `template` of a template message (buttons, confirm, carousel, image_carousel) under LINE's rules. */
export function checkTemplate(check: LineCheck, template: Json, path: string): void {
  const type = checkWord(check, template, path, 'type', ['buttons', 'confirm', 'carousel', 'image_carousel'], true);
  if (type === 'buttons') {
    checkPicture(check, template, path);
    checkCard(check, template, path, { plainText: 160, actions: 4 });
  }
  if (type === 'confirm') {
    checkText(check, template, path, 'text', { max: 240, isRequired: true });
    checkActions(check, template, path, { min: 2, max: 2 });
  }
  if (type === 'carousel') {
    checkPicture(check, template, path);
    checkColumns(check, template, path);
  }
  if (type === 'image_carousel') {
    const columns = checkList(check, template, path, 'columns', { min: 1, max: COLUMNS, isRequired: true });
    eachObject(check, columns, `${path}.columns`, (column, place) => {
      checkMediaUrl(check, column, place, 'imageUrl', true);
      checkAction(check, column.action, `${place}.action`, 'image-carousel');
    });
  }
}

function checkPicture(check: LineCheck, template: Json, path: string): void {
  checkWord(check, template, path, 'imageAspectRatio', ['rectangle', 'square']);
  checkWord(check, template, path, 'imageSize', ['cover', 'contain']);
}

function checkColumns(check: LineCheck, template: Json, path: string): void {
  const columns = checkList(check, template, path, 'columns', { min: 1, max: COLUMNS, isRequired: true });
  eachObject(check, columns, `${path}.columns`, (column, place) => {
    checkCard(check, column, place, { plainText: 120, actions: 3 });
  });
  const cards = columns.filter(isJson);
  const shapes = new Set(
    cards.map((card) => {
      const actions = Array.isArray(card.actions) ? card.actions.length : 0;
      return `${actions} ${card.thumbnailImageUrl !== undefined} ${card.title !== undefined}`;
    }),
  );
  if (shapes.size > 1) {
    find(
      check,
      `${path}.columns`,
      'All columns must have the same number of actions, and an image or title in all or in none',
      'すべてのカラムで、ボタンの数と、画像・タイトルの有無をそろえてください',
    );
  }
}

function checkCard(check: LineCheck, card: Json, path: string, rule: { plainText: number; actions: number }): void {
  checkMediaUrl(check, card, path, 'thumbnailImageUrl');
  checkColour(check, card, path, 'imageBackgroundColor');
  checkText(check, card, path, 'title', { max: 40 });
  const isPlain = card.thumbnailImageUrl === undefined && card.title === undefined;
  checkText(check, card, path, 'text', { max: isPlain ? rule.plainText : 60, isRequired: true });
  if (card.defaultAction !== undefined) {
    checkAction(check, card.defaultAction, `${path}.defaultAction`, 'template');
  }
  checkActions(check, card, path, { min: 1, max: rule.actions });
}

function checkActions(check: LineCheck, holder: Json, path: string, size: { min: number; max: number }): void {
  const actions = checkList(check, holder, path, 'actions', { ...size, isRequired: true });
  actions.forEach((action, index) => {
    checkAction(check, action, `${path}.actions[${index}]`, 'template');
  });
}

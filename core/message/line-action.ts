import {
  checkFields,
  checkObject,
  checkTapUri,
  checkText,
  checkWord,
  find,
  isJson,
  type Json,
  type LineCheck,
  missing,
} from './line-check.ts';

/** Where an action hangs: it decides the label's length and which kinds may stand there. */
export type ActionPlace = 'template' | 'image-carousel' | 'quick-reply' | 'flex-button' | 'flex';

const LABELS: Record<ActionPlace, { max: number; isRequired: boolean }> = {
  template: { max: 20, isRequired: true },
  'image-carousel': { max: 12, isRequired: false },
  'quick-reply': { max: 20, isRequired: true },
  'flex-button': { max: 40, isRequired: true },
  flex: { max: 40, isRequired: false },
};

const FIELDS: Record<string, readonly string[]> = {
  postback: ['label', 'data', 'displayText', 'text', 'inputOption', 'fillInText'],
  message: ['label', 'text'],
  uri: ['label', 'uri', 'altUri'],
  datetimepicker: ['label', 'data', 'mode', 'initial', 'max', 'min'],
  clipboard: ['label', 'clipboardText'],
};
const ANYWHERE = ['postback', 'message', 'uri', 'datetimepicker', 'clipboard'];
const QUICK_REPLY_ONLY = ['camera', 'cameraRoll', 'location'];
const PICKER_FORMS: Record<string, RegExp> = {
  date: /^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/,
  time: /^([01]\d|2[0-3]):[0-5]\d$/,
  datetime: /^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[Tt]([01]\d|2[0-3]):[0-5]\d$/,
};

/** Checks an action object under LINE's rules for the place it hangs at. */
export function checkAction(check: LineCheck, action: unknown, path: string, place: ActionPlace): void {
  if (!isJson(action)) {
    if (action === undefined) missing(check, path);
    else find(check, path, 'Must be an object', 'オブジェクト({ … })で書いてください');
    return;
  }
  const words = place === 'quick-reply' ? [...ANYWHERE, ...QUICK_REPLY_ONLY] : ANYWHERE;
  const type = checkWord(check, action, path, 'type', words, true);
  if (type === undefined) return;
  if (place === 'flex' || place === 'flex-button') checkFields(check, action, path, FIELDS[type] ?? []);
  checkText(check, action, path, 'label', LABELS[place]);
  if (type === 'message') checkText(check, action, path, 'text', { max: 300, isRequired: true });
  if (type === 'clipboard') checkText(check, action, path, 'clipboardText', { max: 1000, isRequired: true });
  if (type === 'postback') checkPostback(check, action, path);
  if (type === 'datetimepicker') checkPicker(check, action, path);
  if (type === 'uri') {
    checkTapUri(check, action, path, 'uri', true);
    const other = checkObject(check, action, path, 'altUri');
    if (other) checkTapUri(check, other, `${path}.altUri`, 'desktop');
  }
}

function checkPostback(check: LineCheck, action: Json, path: string): void {
  checkText(check, action, path, 'data', { max: 300, isRequired: true });
  checkText(check, action, path, 'displayText', { max: 300 });
  checkText(check, action, path, 'text', { max: 300 });
  checkText(check, action, path, 'fillInText', { max: 300 });
  const option = checkWord(check, action, path, 'inputOption', [
    'closeRichMenu',
    'openRichMenu',
    'openKeyboard',
    'openVoice',
  ]);
  if (action.text !== undefined && action.displayText !== undefined) {
    find(
      check,
      `${path}.text`,
      "The displayText and text properties can't both be used",
      'displayText と text は同時に使えません',
    );
  }
  if (action.fillInText !== undefined && option !== 'openKeyboard') {
    find(
      check,
      `${path}.fillInText`,
      'Valid only with inputOption openKeyboard',
      'inputOption が openKeyboard のときだけ使えます',
    );
  }
}

function checkPicker(check: LineCheck, action: Json, path: string): void {
  checkText(check, action, path, 'data', { max: 300, isRequired: true });
  const mode = checkWord(check, action, path, 'mode', Object.keys(PICKER_FORMS), true);
  const form = mode === undefined ? undefined : PICKER_FORMS[mode];
  if (form === undefined) return;
  for (const key of ['initial', 'max', 'min']) {
    const value = checkText(check, action, path, key, { max: 20 });
    if (value !== undefined && !form.test(value)) {
      find(
        check,
        `${path}.${key}`,
        `Must be in the format of mode ${mode}`,
        '日時の形が mode と合っていません(例: 2026-11-24、09:30、2026-11-24T09:30)',
      );
    }
  }
}

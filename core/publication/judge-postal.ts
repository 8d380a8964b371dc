import type { SourceTools } from '../ports/publication.ts';
import type { Template } from '../programme.ts';
import type { Finding, Position } from '../scenario/finding.ts';
import { checkUses } from './template-uses.ts';

export type PostalPart = NonNullable<Template['postal']>;

const MOST_COLUMNS = 60;
const LONGEST_NAME = 60;

/** Judges `postal.csv`: a row of column names, and one row that is filled in for each letter. */
export function judgePostal(text: string, tools: SourceTools): { findings: Finding[]; part?: PostalPart } {
  const read = tools.parseCsv(text);
  if ('fault' in read) return { findings: [fault('csv', read.fault, NO_CSV)] };
  const [head, row, ...more] = read.rows;
  if (!head || !row) return { findings: [fault('postal-rows', at(1), TWO_ROWS)] };
  if (more[0]) return { findings: [fault('postal-rows', at(more[0].line), TWO_ROWS)] };
  const findings = [...judgeHead(head.cells, row.cells.length, at(row.line)), ...judgeCells(row, tools)];
  if (findings.some(({ level }) => level === 'error')) return { findings };
  return { findings, part: { columns: head.cells, cells: row.cells } };
}

function judgeHead(columns: string[], cells: number, rowAt: Position): Finding[] {
  if (columns.length !== cells) {
    const said = {
      message: `列の名前は${columns.length}個、差し込みの行は${cells}個で、数が合いません。`,
      messageEn: `There are ${columns.length} column names and ${cells} cells.`,
      suggestion:
        '文の中に , があるときは、その欄を " で囲んでください。例: "{{ customer.city }}, {{ customer.address1 }}"',
      suggestionEn: 'A cell that holds a comma stands in quotation marks.',
    };
    return [fault('postal-columns', rowAt, said)];
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  const odd = columns.find((name) => name === '' || name.length > LONGEST_NAME);
  if (twice === undefined && odd === undefined && columns.length <= MOST_COLUMNS) return [];
  const said = {
    message:
      columns.length > MOST_COLUMNS
        ? `列は${MOST_COLUMNS}個までです(今は${columns.length}個です)。`
        : twice === undefined
          ? `列の名前は1〜${LONGEST_NAME}文字です。空の名前がないか確かめてください。`
          : `列の名前「${twice}」が2回書かれています。`,
    messageEn: `At most ${MOST_COLUMNS} columns, each with a name of its own of 1 to ${LONGEST_NAME} characters.`,
  };
  return [fault('postal-columns', at(1), said)];
}

function judgeCells({ cells, line }: { cells: string[]; line: number }, tools: SourceTools): Finding[] {
  return cells.flatMap((cell) => {
    const analysis = tools.analyse(cell);
    const found = 'fault' in analysis ? [analysis.fault] : checkUses(analysis.uses, 'postal');
    return found.map((one) => ({ ...one, ...inCell(one), position: at(line) }));
  });
}

/** A hint that can be typed as it stands: " begins and ends a cell. */
const inCell = ({ suggestion, suggestionEn }: Finding): Pick<Finding, 'suggestion' | 'suggestionEn'> => ({
  ...(suggestion === undefined ? {} : { suggestion: suggestion.replaceAll('"', "'") }),
  ...(suggestionEn === undefined ? {} : { suggestionEn: suggestionEn.replaceAll('"', "'") }),
});

const at = (line: number): Position => ({ line, column: 1 });
const fault = (rule: string, position: Position, said: Omit<Finding, 'level' | 'rule' | 'path'>): Finding => ({
  level: 'error',
  rule,
  path: [],
  position,
  ...said,
});

const NO_CSV = {
  message: 'CSV として読めません。引用符(")の使い方を確かめてください。',
  messageEn: 'Not a CSV: look at the quotation marks.',
  suggestion:
    '差し込みの中では \' を使ってください(例: {{ customer.name | default: \'お客\' }})。欄を " で囲むときは、閉じ忘れがないか、欄の中の " を "" と重ねているかを確かめてください。',
  suggestionEn:
    "Inside {{ }} use ' as in {{ customer.name | default: '...' }}. A cell in quotation marks must be closed, and a \" in it is doubled.",
};
const TWO_ROWS = {
  message: '1行目に列の名前、2行目に差し込みを書いた、2行だけの CSV にしてください。',
  messageEn: 'A CSV of two rows: the names of the columns, and the cells that are filled in.',
  suggestion:
    '例: 1行目「郵便番号,住所,氏名」 2行目「{{ customer.postalCode }},{{ customer.address1 }},{{ customer.name }} 様」',
  suggestionEn:
    'Such as "zip,address,name" and "{{ customer.postalCode }},{{ customer.address1 }},{{ customer.name }}".',
};

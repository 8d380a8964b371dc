/** The report's own style sheet: one page, readable on a phone and on paper. */
export const STYLE = `
:root { --ink: #1d2733; --soft: #5d6875; --edge: #d9dee5; --paper: #fff; --room: #f3f5f8; --brand: #2f5d8a; --warn: #8a5a00;
  font-family: "Hiragino Sans", "Noto Sans JP", "Noto Sans CJK JP", "Yu Gothic UI", Meiryo, "Noto Sans JP Variable", sans-serif;
  color: var(--ink); font-size: 15px; line-height: 1.7; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--room); }
main { max-width: 1080px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 1.5rem; line-height: 1.4; margin: 8px 0 4px; }
h2 { font-size: 1.15rem; margin: 40px 0 12px; }
h3 { font-size: 1rem; margin: 0 0 8px; }
h3.folder { margin-top: 12px; }
th[colspan] { text-align: center; }
p { margin: 4px 0 12px; }
.warn { color: var(--warn); font-size: .85rem; }
details.box { margin: 0 0 16px; } summary { cursor: pointer; font-weight: 600; } details ul { margin: 8px 0 0; padding-left: 1.3em; }
.soft { color: var(--soft); font-size: .87rem; }
.note { background: #fff8e6; border-left: 4px solid #e0b040; padding: 12px 16px; border-radius: 4px; }
.note ul { margin: 4px 0; padding-left: 1.3em; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 150px), 1fr)); gap: 12px; margin: 16px 0; }
.card, .box { background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; padding: 14px 16px; min-width: 0; }
.card b { display: block; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.card span { color: var(--soft); font-size: .85rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
.box > svg { width: 100%; height: auto; max-width: 560px; display: block; }
.legend { display: flex; margin: 8px 0; gap: 16px; font-size: .85rem; color: var(--soft); flex-wrap: wrap; }
.legend i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--edge); border-radius: 8px; margin: 0 0 16px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: 8px 12px; text-align: right; white-space: nowrap; border-bottom: 1px solid var(--edge); }
th { color: var(--soft); font-weight: 500; background: #fafbfc; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0; }
td:first-child { background: var(--paper); white-space: normal; min-width: 8em; }
tr:last-child td { border-bottom: 0; }
ol.days { list-style: none; margin: 0; padding: 0; font-size: .9rem; }
ol.days li { display: grid; grid-template-columns: 8.6em 1fr; gap: 10px; padding: 5px 0; border-bottom: 1px solid var(--room); }
ol.days time { color: var(--soft); font-variant-numeric: tabular-nums; }
ol.days li.sent { font-weight: 600; }
ol.days li.not { color: var(--warn); }
@media (max-width: 520px) { ol.days li { grid-template-columns: 1fr; gap: 0; } h1 { font-size: 1.25rem; } th, td { padding: 7px 9px; } }
@media print { body { background: #fff; } .card, .box, .scroll { break-inside: avoid; } }
`;

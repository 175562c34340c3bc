/* How wide columns must be so that no figure is cut: half a number is another number. */

const PADDING_PX = 20;
/** The icon before a figure and its gap. */
const ICON_PX = 20;
/** The arrow of the column that sorts, and the handle. */
const SIGNS_PX = 28;
const FONT_PX = 14;

let pen: CanvasRenderingContext2D | null | undefined;

/** Width in pixels of a text in the table's bold type, the wider of its two. */
function textWidth(text: string): number {
  if (pen === undefined) {
    pen = document.createElement("canvas").getContext("2d");
    if (pen) pen.font = `600 ${FONT_PX}px ${getComputedStyle(document.body).fontFamily}`;
  }
  return Math.ceil(pen?.measureText(text).width ?? text.length * FONT_PX);
}

interface Measured<Row> {
  header: string;
  text: (row: Row) => string;
  cell?: unknown;
}

/** The least width of a column of figures: the longest figure it holds, and its whole header. */
export function leastWidth<Row>(column: Measured<Row>, rows: Row[]): number {
  const longest = new Set<string>();
  let length = 0;
  for (const row of rows) {
    const text = column.text(row);
    // Digits are of one width, so only the longest texts can be the widest.
    if (text.length < length) continue;
    if (text.length > length) longest.clear();
    length = text.length;
    longest.add(text);
  }
  const figure = Math.max(0, ...[...longest].map(textWidth)) + (column.cell ? ICON_PX : 0);
  return Math.max(figure + PADDING_PX, textWidth(column.header) + SIGNS_PX);
}

/**
 * Widths that fill what is there with whole columns. If all fit, they share the rest; else as many as fit from the
 * left share it, and those further right keep their least width until one scrolls to them.
 */
export function spread(least: number[], available: number): number[] {
  let fitting = 0;
  let taken = 0;
  for (const width of least) {
    if (taken + width > available) break;
    taken += width;
    fitting++;
  }
  if (fitting === 0) return [...least];
  const more = Math.floor((available - taken) / fitting);
  const odd = available - taken - more * fitting;
  return least.map((width, at) => (at >= fitting ? width : width + more + (at === fitting - 1 ? odd : 0)));
}

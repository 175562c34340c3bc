/* Rows as text: for the clipboard, and for a file that Excel opens. */

export interface TextColumn<Row> {
  header: string;
  text: (row: Row) => string;
}

/** A cell that a spreadsheet would run as a formula gets an apostrophe. */
export function neutral(text: string): string {
  return /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}

const flat = (text: string): string => neutral(text.replace(/[\t\r\n]+/g, " "));

/** Tab-separated rows with their header, as Excel takes them from the clipboard. */
export function toTabs<Row>(columns: TextColumn<Row>[], rows: Row[]): string {
  const lines = [columns.map((column) => flat(column.header))];
  for (const row of rows) lines.push(columns.map((column) => flat(column.text(row))));
  return lines.map((line) => line.join("\t")).join("\r\n");
}

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** CSV in UTF-8 with its mark, as Excel reads it without asking. */
export function toCsv<Row>(columns: TextColumn<Row>[], rows: Row[]): string {
  const lines = [columns.map((column) => quoted(neutral(column.header)))];
  for (const row of rows) lines.push(columns.map((column) => quoted(neutral(column.text(row)))));
  return `\uFEFF${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

/** Hands a text to the browser as a file to keep. */
export function saveText(name: string, text: string, type = "text/csv;charset=utf-8"): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

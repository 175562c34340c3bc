import domain from "../../../../graph/words/domain.json";

interface Words {
  zh: string;
  en: string;
  aliases?: string[];
}

const columns: Record<string, Words> = domain.columns;
const tables: Record<string, Words> = domain.tables;

/** The columns by which a list's kind is known from its header alone. */
const SIGNS: Record<string, string[]> = {
  needs: ["party", "quantity", "priority", "group", "people", "whole", "referred_to"],
  offers: ["unit", "capacity", "per", "mode", "reach_m", "reach_areas"],
  projects: ["wanted"],
  units: ["code", "max_claims", "liaison", "kind"],
  areas: ["level", "population", "over60"],
  claims: ["target", "by", "status"],
  pairings: ["parties", "amount_yuan"],
};

const columnsOf = (header: string): string[] =>
  Object.entries(columns)
    .filter(([id, words]) => [id, words.zh, words.en, ...(words.aliases ?? [])].some((word) => word.toLowerCase() === header.toLowerCase()))
    .map(([id]) => id);

/** Which table cells with this header most likely are; null where nothing tells. */
export function guessTable(headers: string[]): string | null {
  const found = headers.flatMap((header) => columnsOf(header.trim()));
  let best: string | null = null;
  let most = 0;
  for (const [table, signs] of Object.entries(SIGNS)) {
    const count = signs.filter((sign) => found.includes(sign)).length;
    if (count > most) {
      best = table;
      most = count;
    }
  }
  return best;
}

/** Cells as Excel puts them on the clipboard: quoted where they hold a tab, a line's end or a quote. */
export function readCells(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let inQuotes = false;
  const endCell = (): void => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] ?? "";
    if (inQuotes) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text[at++];
      else inQuotes = false;
    } else if (sign === '"' && cell === "") inQuotes = true;
    else if (sign === "\t") endCell();
    else if (sign === "\n") {
      endCell();
      rows.push([]);
    } else if (sign !== "\r") cell += sign;
  }
  endCell();
  return rows.filter((row) => row.some((value) => value.trim() !== ""));
}

/** A file of pasted cells; null if the text is not a table of at least two rows and two columns. */
export function pastedFile(text: string): File | null {
  const rows = readCells(text);
  const [header] = rows;
  if (!header || rows.length < 2 || header.length < 2) return null;
  const table = guessTable(header);
  const name = (table && tables[table]?.zh) || "粘贴的单元格";
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const lines = rows.map((row) => row.map(quoted).join(","));
  return new File([`\uFEFF${lines.join("\r\n")}\r\n`], `${name}.csv`, { type: "text/csv" });
}

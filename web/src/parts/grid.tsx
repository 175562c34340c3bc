import {
  CellStyleModule,
  ClientSideRowModelModule,
  ColumnApiModule,
  createGrid,
  EventApiModule,
  ModuleRegistry,
  PinnedRowModule,
  RenderApiModule,
  RowApiModule,
  RowStyleModule,
  ScrollApiModule,
  themeQuartz,
  type CellClassParams,
  type ColDef,
  type Column,
  type GridApi,
  type ICellRendererComp,
  type ICellRendererParams,
} from "ag-grid-community";
import { render, type JSX, type VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isTyping } from "../keys";
import { tableWanted } from "../state/focus";
import { lang } from "../words";
import { toTabs } from "./rows";
import { leastWidth, spread } from "./widths";

ModuleRegistry.registerModules([
  CellStyleModule, ClientSideRowModelModule, ColumnApiModule, EventApiModule, PinnedRowModule, RenderApiModule,
  RowApiModule, RowStyleModule, ScrollApiModule,
]);

const ROW_PX = 28;
/** The frame's lines and the bar that scrolls sideways. */
const EDGES_PX = 20;
/** The upright scroll bar. */
const BAR_PX = 16;

const theme = themeQuartz.withParams({
  browserColorScheme: "inherit",
  accentColor: "var(--accent)",
  backgroundColor: "var(--surface)",
  foregroundColor: "var(--text)",
  headerTextColor: "var(--text2)",
  headerBackgroundColor: "var(--surface)",
  headerFontWeight: 400,
  borderColor: "var(--line)",
  borderRadius: "var(--radius)",
  wrapperBorderRadius: "var(--radius)",
  rowHoverColor: "var(--bg)",
  fontFamily: "inherit",
  fontSize: 14,
  headerFontSize: 14,
  rowHeight: ROW_PX,
  headerHeight: ROW_PX,
  spacing: 4,
  cellHorizontalPadding: 8,
});

export interface GridColumn<Row> {
  id: string;
  header: string;
  /** The plain text: for sorting by eye, copying and those who listen. */
  text: (row: Row) => string;
  /** What sorting compares; without it the text. */
  value?: (row: Row) => number | string | null;
  cell?: (row: Row) => VNode | string;
  isNumber?: boolean;
  width?: number;
  minWidth?: number;
  flex?: number;
  pinned?: "left" | "right";
  sortable?: boolean;
  class?: (row: Row) => string;
}

export interface GridProps<Row> {
  columns: GridColumn<Row>[];
  rows: Row[];
  id: (row: Row) => string;
  label: string;
  pinnedTop?: Row[];
  /** Names the cell or row that is selected, so that it is redrawn when that changes. */
  selected?: string | null;
  /** A click or an arrow key came to this row and column. */
  onFocus?: (row: Row, column: string) => void;
  /** Enter or a double click. */
  onOpen?: (row: Row, column: string) => void;
  /** A click that is on no link or button. */
  onClick?: (row: Row, column: string) => void;
  /** Space. */
  onWhy?: (row: Row, column: string) => void;
  /** Further keys on a row. */
  onKey?: (key: string, row: Row, column: string) => boolean;
  /** The column that sorts, `-` before it for largest first. */
  sort?: string | null;
  onSort?: (sort: string | null) => void;
  rowClass?: (row: Row) => string;
  /** Columns of figures fill the table with whole columns, and one that is cut at an edge is covered. */
  isWhole?: boolean;
  onCopied?: (rows: number) => void;
}

/** Shows one cell through Preact inside a grid that doesn't know it. */
class PreactCell<Row> implements ICellRendererComp<Row> {
  private readonly box = document.createElement("span");
  private draw!: (row: Row) => VNode | string;

  init(params: ICellRendererParams<Row> & { draw: (row: Row) => VNode | string }): void {
    this.draw = params.draw;
    this.box.className = "grid-cell";
    this.refresh(params);
  }

  getGui(): HTMLElement {
    return this.box;
  }

  refresh(params: ICellRendererParams<Row>): boolean {
    if (params.data) render(this.draw(params.data), this.box);
    return true;
  }

  destroy(): void {
    render(null, this.box);
  }
}

function toDefinition<Row>(column: GridColumn<Row>, props: GridProps<Row>): ColDef<Row> {
  const least = column.isNumber ? leastWidth(column, [...props.rows, ...(props.pinnedTop ?? [])]) : 0;
  const isSpread = props.isWhole && column.isNumber && !column.pinned;
  return {
    colId: column.id,
    headerName: column.header,
    valueGetter: ({ data }) => (data ? (column.value ? column.value(data) : column.text(data)) : null),
    valueFormatter: ({ data }) => (data ? column.text(data) : ""),
    sortable: column.sortable ?? true,
    resizable: true,
    suppressMovable: true,
    ...(column.cell ? { cellRenderer: PreactCell, cellRendererParams: { draw: column.cell } } : {}),
    ...(column.isNumber ? { headerClass: "grid-number", sortingOrder: ["desc", "asc", null] } : {}),
    cellClass: (params: CellClassParams<Row>) =>
      `${column.isNumber ? "grid-number " : ""}${params.data && column.class ? column.class(params.data) : ""}`,
    ...(column.width ? { width: Math.max(column.width, least) } : {}),
    ...(column.minWidth || least ? { minWidth: Math.max(column.minWidth ?? 0, least) } : {}),
    ...(column.flex && !isSpread ? { flex: column.flex } : {}),
    ...(column.pinned ? { pinned: column.pinned } : {}),
  };
}

/** A table of AG Grid: rows of 28 px, arrow keys, Enter, Space, and Ctrl+C for Excel. */
export function Grid<Row>(props: GridProps<Row>): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const api = useRef<GridApi<Row> | null>(null);
  const latest = useRef(props);
  latest.current = props;
  // What the table shows: setting the same once more costs as much as building it.
  const shown = useRef(props);

  useEffect(() => {
    if (!box.current) return;
    const own = api.current ?? build(box.current, latest);
    api.current = own;
    shown.current = latest.current;
    if (props.isWhole) fillSoon(own, box.current);
    return () => {
      own.destroy();
      api.current = null;
    };
  }, [lang.value]);

  useEffect(() => {
    const before = shown.current;
    shown.current = props;
    const { rows, pinnedTop, columns } = props;
    if (rows !== before.rows) api.current?.setGridOption("rowData", rows);
    if (pinnedTop !== before.pinnedTop) api.current?.setGridOption("pinnedTopRowData", pinnedTop ?? []);
    if (rows === before.rows && pinnedTop === before.pinnedTop && columns === before.columns) return;
    api.current?.setGridOption("columnDefs", columns.map((column) => toDefinition(column, props)));
    if (api.current && box.current && props.isWhole) fillSoon(api.current, box.current);
  }, [props.columns, props.rows, props.pinnedTop]);
  useEffect(() => {
    if (api.current) applySort(api.current, props.sort ?? null);
  }, [props.sort, props.columns]);
  useEffect(() => {
    if (!tableWanted.value || props.rows.length === 0) return;
    const frame = requestAnimationFrame(() => api.current && focusFirst(api.current));
    return () => cancelAnimationFrame(frame);
  }, [props.rows, tableWanted.value]);
  const selected = useRef(props.selected);
  useEffect(() => {
    if (props.selected !== selected.current) api.current?.refreshCells({ force: true });
    selected.current = props.selected;
  }, [props.selected]);

  const height = (props.rows.length + (props.pinnedTop?.length ?? 0) + 1) * ROW_PX + EDGES_PX;
  return <div class="grid" style={{ height: `min(100%, ${height}px)` }} ref={box} role="region" aria-label={props.label} onKeyDown={(event) => copy(event, api.current, latest.current)} />;
}

function build<Row>(element: HTMLElement, latest: { current: GridProps<Row> }): GridApi<Row> {
  const first = latest.current;
  return createGrid<Row>(element, {
    theme,
    columnDefs: first.columns.map((column) => toDefinition(column, first)),
    rowData: first.rows,
    pinnedTopRowData: first.pinnedTop ?? [],
    getRowId: ({ data }) => latest.current.id(data),
    getRowClass: ({ data }) => (data ? (latest.current.rowClass?.(data) ?? "") : ""),
    animateRows: false,
    suppressCellFocus: false,
    enableCellTextSelection: false,
    onCellFocused: ({ rowIndex, rowPinned, column, api }) => {
      if (rowIndex === null || !column || typeof column === "string") return;
      const row = rowPinned === "top" ? api.getPinnedTopRow(rowIndex) : api.getDisplayedRowAtIndex(rowIndex);
      if (row?.data) latest.current.onFocus?.(row.data, column.getColId());
    },
    onCellClicked: ({ data, column, event }) => {
      if (data && !(event?.target instanceof Element && event.target.closest("a, button"))) latest.current.onClick?.(data, column.getColId());
    },
    onCellDoubleClicked: ({ data, column }) => {
      if (data) latest.current.onOpen?.(data, column.getColId());
    },
    onCellKeyDown: ({ data, event, ...rest }) => {
      if (!data || !(event instanceof KeyboardEvent) || !("column" in rest)) return;
      const column = rest.column.getColId();
      const now = latest.current;
      if (event.key === "Enter") now.onOpen?.(data, column);
      else if (event.key === " ") now.onWhy?.(data, column);
      else if (event.ctrlKey || event.metaKey || event.altKey || !now.onKey?.(event.key, data, column)) return;
      event.preventDefault();
    },
    ...(first.isWhole
      ? {
          // The bar comes and goes with the height; the last column must not lose its width to it.
          alwaysShowVerticalScroll: true,
          scrollbarWidth: BAR_PX,
          onGridSizeChanged: ({ api }) => fillSoon(api, element),
          onBodyScroll: ({ api, direction }) => direction === "horizontal" && cover(api, element),
          onColumnResized: ({ api, finished }) => finished && cover(api, element),
        }
      : {}),
    onSortChanged: ({ api, source }) => {
      if (source !== "uiColumnSorted") return;
      const sorted = api.getColumnState().find((column) => column.sort);
      latest.current.onSort?.(sorted ? `${sorted.sort === "desc" ? "-" : ""}${sorted.colId}` : null);
    },
  });
}

const widthOf = (columns: Column[]): number => columns.reduce((sum, column) => sum + column.getActualWidth(), 0);

/** Where the columns that scroll stand in the table: its left edge and its width, beside what is pinned. */
function windowOf<Row>(api: GridApi<Row>, element: HTMLElement): { left: number; width: number } {
  const frame = element.querySelector<HTMLElement>(".ag-root") ?? element;
  const upright = element.querySelector<HTMLElement>(".ag-body-vertical-scroll");
  const left = widthOf(api.getDisplayedLeftColumns());
  const beside = left + widthOf(api.getDisplayedRightColumns()) + Math.max(upright?.offsetWidth ?? 0, BAR_PX);
  return { left, width: frame.clientWidth - beside };
}

/** Waits for the layout, so that what is measured is what is seen. */
function fillSoon<Row>(api: GridApi<Row>, element: HTMLElement): void {
  requestAnimationFrame(() => !api.isDestroyed() && fill(api, element));
}

/** Gives the columns that scroll the widths with which they fill the table. */
function fill<Row>(api: GridApi<Row>, element: HTMLElement): void {
  const columns = api.getDisplayedCenterColumns();
  const { width } = windowOf(api, element);
  if (width <= 0) return;
  const widths = spread(columns.map((column) => column.getMinWidth()), width);
  api.setColumnWidths(columns.map((column, at) => ({ key: column, newWidth: widths[at] ?? column.getMinWidth() })));
  cover(api, element);
}

/** Covers the columns that the edges cut: half a number reads as another number. */
function cover<Row>(api: GridApi<Row>, element: HTMLElement): void {
  const { left, width } = windowOf(api, element);
  const from = api.getHorizontalPixelRange().left;
  const spans = api.getDisplayedCenterColumns().map((column): [number, number] => {
    const start = (column.getLeft() ?? 0) - from;
    return [start, start + column.getActualWidth()];
  });
  const before = spans.find(([start, end]) => start < -1 && end > 1)?.[1] ?? 0;
  const behind = spans.find(([start, end]) => start < width - 1 && end > width + 1)?.[0] ?? width;
  place(element, "cut-before", left, before);
  place(element, "cut-behind", left + behind, width - behind);
}

function place(element: HTMLElement, name: string, left: number, width: number): void {
  let box = element.querySelector<HTMLElement>(`.${name}`);
  if (!box) {
    box = document.createElement("div");
    box.className = `column-cut ${name}`;
    element.append(box);
  }
  box.hidden = width <= 0;
  box.style.left = `${left}px`;
  box.style.width = `${width}px`;
}

/** Puts the focus on the first row, so that arrows and letters work at once. */
function focusFirst<Row>(api: GridApi<Row>): void {
  const [column] = api.getAllDisplayedColumns();
  if (!column || api.getDisplayedRowCount() === 0) return;
  tableWanted.value = false;
  api.ensureIndexVisible(0);
  api.setFocusedCell(0, column);
}

function applySort<Row>(api: GridApi<Row>, sort: string | null): void {
  const colId = sort?.replace(/^-/, "");
  if (!colId && !api.getColumnState().some((column) => column.sort)) return;
  const state = colId ? [{ colId, sort: sort?.startsWith("-") ? ("desc" as const) : ("asc" as const) }] : [];
  api.applyColumnState({ state, defaultState: { sort: null } });
}

function copy<Row>(event: KeyboardEvent, api: GridApi<Row> | null, props: GridProps<Row>): void {
  if (!api || event.key.toLowerCase() !== "c" || !(event.ctrlKey || event.metaKey) || isTyping(event.target)) return;
  if (getSelection()?.toString()) return;
  const rows: Row[] = [];
  api.forEachNodeAfterFilterAndSort((node) => node.data && rows.push(node.data));
  void navigator.clipboard.writeText(toTabs(props.columns, rows)).then(() => props.onCopied?.(rows.length));
  event.preventDefault();
}

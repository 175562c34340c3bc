/* How rows are laid on pages; no drawing here. */

/**
 * Fills pages with rows by their heights: at least one row on each, none left out, their order kept.
 * `room` is the height for rows on a page, `lastRoom` that on a sheet's last page, where the signature stands.
 */
export function fillPages(heights: number[], room: number, lastRoom: number): number[][] {
  const pages: number[][] = [[]];
  let used = 0;
  heights.forEach((height, row) => {
    let page = pages[pages.length - 1] ?? [];
    if (page.length > 0 && used + height > room) {
      page = [];
      pages.push(page);
      used = 0;
    }
    page.push(row);
    used += height;
  });
  const last = pages[pages.length - 1] ?? [];
  if (used > lastRoom && last.length > 1) pages.push(last.splice(-1));
  return pages;
}

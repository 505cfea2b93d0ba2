/** Layout of the library's pages, beside that of the pages about tasks. */
export const libraryCss = `
.filters { display: flex; flex-wrap: wrap; align-items: end; gap: var(--space-3); margin-bottom: var(--space-4); }
.filters label { display: grid; gap: var(--space-1); color: var(--soft); font-size: var(--size-soft); }
.filters .check { display: flex; align-items: center; gap: var(--space-2); min-height: 36px; }
.filters input:not([type="checkbox"]), .filters select { box-sizing: border-box; min-height: 36px; max-width: 16rem; padding: 0 var(--space-2); border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); color: var(--text); font: inherit; font-size: var(--size-text); }
.filters button { min-height: 36px; padding: 0 var(--space-4); border: 0; border-radius: var(--radius-small); background: var(--action); color: var(--on-action); font: inherit; font-weight: 600; cursor: pointer; }
.filters :focus-visible, .wide:focus-visible, .preview:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.library { margin: 0 0 var(--space-5); padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); list-style: none; }
.library li { display: flex; gap: var(--space-3); padding: var(--space-3); }
.library li + li { border-top: 1px solid var(--line); }
.library li > div:last-child { flex: 1; min-width: 0; }
.library p { margin: 0; overflow-wrap: anywhere; }
.library .name { font-weight: 600; overflow-wrap: anywhere; }
.thumbnail { display: grid; place-items: center; flex: none; width: 72px; height: 56px; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius-small); background: var(--sunken); color: var(--soft); font-size: var(--size-small); }
.thumbnail img { width: 100%; height: 100%; object-fit: contain; background: #fff; }
.preview { box-sizing: border-box; display: block; max-width: 100%; max-height: 32rem; margin-bottom: var(--space-4); border: 1px solid var(--line); border-radius: var(--radius); }
img.preview, iframe.preview { background: #fff; }
iframe.preview { width: 100%; height: 24rem; }
pre.preview { width: 100%; }
.facts { margin: 0; }
.facts div { display: flex; gap: var(--space-4); padding: 6px 0; border-bottom: 1px solid var(--line); }
.facts dt { flex: none; width: 8.5rem; color: var(--soft); }
.facts dd { flex: 1; min-width: 0; margin: 0; overflow-wrap: anywhere; }
.said { white-space: pre-wrap; }
.changes .deed { flex: none; }
.wide { overflow-x: auto; margin-bottom: var(--space-4); }
.sides { border-collapse: collapse; }
.sides th, .sides td { padding: 6px var(--space-4) 6px 0; border-bottom: 1px solid var(--line); text-align: left; white-space: nowrap; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); gap: var(--space-4); }
.beside figure { margin: 0; }
.beside img { max-width: 100%; border: 1px solid var(--line); border-radius: var(--radius); background: #fff; }
.beside figcaption { color: var(--soft); font-size: var(--size-soft); }
@media (max-width: 40rem) {
  .filters { display: grid; grid-template-columns: 1fr 1fr; }
  .filters label:first-child, .filters .check, .filters button { grid-column: 1 / -1; }
  .filters input:not([type="checkbox"]), .filters select { width: 100%; max-width: none; min-height: 44px; }
  .filters button { min-height: 44px; }
  .facts div { display: block; }
  .changes li { flex-wrap: wrap; }
}
`;

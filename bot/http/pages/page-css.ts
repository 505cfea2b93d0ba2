/** Layout of the pages about tasks; colours, type and spaces come from the common theme. */
export const pageCss = `
body { margin: 0; background: var(--surface); color: var(--text); font: var(--size-text)/1.5 var(--font); }
main { max-width: 72rem; margin: 0 auto; padding: var(--space-4) var(--space-4) 64px; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: var(--radius-small); }
h1 { margin: 0 0 var(--space-3); font-size: 1.375rem; letter-spacing: -0.01em; }
h2 { margin: var(--space-6) 0 var(--space-2); font-size: 1rem; }
code, pre, table, summary h2, .changes { font-family: var(--font-mono); font-size: 0.8125rem; }
ins, .added abbr, abbr.added { color: var(--success); text-decoration: none; }
del, abbr.deleted { color: var(--danger); text-decoration: none; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.top { display: flex; align-items: center; gap: var(--space-4); padding: var(--space-3) var(--space-4); border-bottom: 1px solid var(--line); background: var(--sunken); font-size: var(--size-soft); }
.top a { flex: none; padding: var(--space-2) 0; }
.top p { min-width: 0; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.top span { margin-left: var(--space-2); color: var(--faint); }
.words { margin: 0 0 var(--space-3); }
.words figcaption { color: var(--soft); font-size: var(--size-soft); }
blockquote { margin: 0; padding: var(--space-2) var(--space-4); border-left: 3px solid var(--edge); color: var(--soft); white-space: pre-wrap; overflow-wrap: anywhere; }
pre { overflow: auto; padding: var(--space-3) var(--space-4); border: 1px solid var(--line); border-radius: var(--radius); background: var(--code); white-space: pre-wrap; overflow-wrap: anywhere; }
.scopes { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-bottom: var(--space-4); }
.scopes a { padding: 5px 13px; border: 1px solid var(--edge); border-radius: 999px; color: var(--text); font-size: var(--size-soft); font-weight: 550; text-decoration: none; }
.scopes a:hover { background: var(--hover); }
.scopes a[aria-current] { border-color: var(--action); background: var(--action); color: var(--on-action); }
.counts { font: 600 0.75rem var(--font-mono); white-space: nowrap; }
.summary { margin: 0 0 var(--space-2); }
.commits, .note { color: var(--soft); font-size: var(--size-soft); }
.changes { margin: var(--space-3) 0 var(--space-5); padding: 0; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); list-style: none; }
.changes li { display: flex; align-items: baseline; gap: var(--space-3); padding: 6px var(--space-3); }
.changes li + li { border-top: 1px solid var(--line); }
.changes a, .changes li > span:not(.counts) { flex: 1; min-width: 0; overflow-wrap: anywhere; }
.changes abbr { font-weight: 650; text-decoration: none; }
.changes .modified, .changes .renamed { color: var(--progress); }
.file { margin-bottom: var(--space-4); overflow: clip; border: 1px solid var(--line); border-radius: var(--radius); scroll-margin-top: var(--space-2); }
.file summary { position: sticky; top: 0; display: flex; align-items: center; gap: var(--space-3); padding: var(--space-2) var(--space-3); background: var(--sunken); cursor: pointer; list-style: none; }
.file summary::-webkit-details-marker { display: none; }
.file summary::before { content: "▸"; flex: none; color: var(--faint); }
.file[open] summary { border-bottom: 1px solid var(--line); }
.file[open] summary::before { content: "▾"; }
.file h2 { flex: 1; min-width: 0; margin: 0; font-weight: 600; overflow-wrap: anywhere; }
.file .note { margin: 0; padding: 6px var(--space-3); }
.file table { width: 100%; border-collapse: collapse; line-height: 1.55; }
.file td { padding: 0; vertical-align: top; }
.file td[data-n] { width: 1%; min-width: 2.6em; padding: 0 0.6em; color: var(--faint); text-align: right; white-space: nowrap; user-select: none; }
.file td[data-n]::before { content: attr(data-n); }
.file td[data-n]:nth-child(3) { min-width: 1em; padding: 0 0.4em; color: inherit; }
.file .code { padding-right: var(--space-3); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
.file .hunk td { padding: 3px 0; background: var(--sunken); color: var(--faint); font-size: 0.75rem; }
.file tbody + tbody .hunk td { border-top: 1px solid var(--line); }
.file tr.added { background: var(--success-soft); }
.file tr.removed { background: var(--danger-soft); }
.file tr.added td[data-n], .file tr.removed td[data-n] { color: var(--soft); }
.file tr.note .code { color: var(--faint); font-style: italic; }
.file .code ins, .file .code del { border-radius: 3px; color: inherit; }
.file .code ins { background: color-mix(in srgb, var(--success-mark) 38%, transparent); }
.file .code del { background: color-mix(in srgb, var(--danger-mark) 38%, transparent); }
@media (max-width: 40rem) {
  main { padding-inline: var(--space-3); }
  .commits { display: block; }
  .scopes a { padding-block: 9px; }
  .changes li { padding-block: 9px; }
  .file { margin-inline: calc(-1 * var(--space-2)); }
  .file tr:not(.removed) td[data-n]:first-child, .file tr.removed td[data-n]:nth-child(2) { display: none; }
  .file .hunk td:first-child { display: none; }
  .file td[data-n] { min-width: 2em; padding: 0 0.4em; }
}
`;

/** Layout of the pages about tasks; colours come from the common theme. */
export const pageCss = `
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: var(--surface, Canvas); color: var(--text, CanvasText); }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.3rem; }
h2 { font-size: 1rem; margin: 2rem 0 .5rem; }
pre { overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 20%, transparent); border-radius: .5rem; font-size: 13px; }
ul { padding-left: 1.2rem; }
ins { color: light-dark(#1a7f37, #3fb950); text-decoration: none; }
del { color: light-dark(#b42318, #f85149); text-decoration: none; }
.d2h-file-wrapper { overflow-x: auto; }
.d2h-code-line, .d2h-code-line-prefix { white-space: nowrap; }
.d2h-code-line { padding: 0 .75em; width: auto; }
.d2h-code-line-ctn { white-space: pre-wrap; overflow-wrap: anywhere; width: auto; }
.d2h-code-linenumber { position: static; width: 6em; min-width: 6em; box-sizing: border-box; }
.d2h-diff-table td:not(.d2h-code-linenumber) { width: 100%; }
.line-num1, .line-num2 { width: 2.4em; padding: 0; }
@media (max-width: 40rem) {
  .d2h-code-linenumber { width: 3em; min-width: 3em; }
  .line-num1 { display: none; }
}
`;

/** Layout of the inbox, beside that of the library, whose filters it shares. */
export const inboxCss = `
.waiting { display: grid; gap: var(--space-4); margin: 0 0 var(--space-6); padding: 0; list-style: none; }
.waiting > li { padding: var(--space-4); border: 1px solid var(--line); border-left: 3px solid var(--waiting-mark); border-radius: var(--radius); }
.waiting h2 { margin: 0; overflow-wrap: anywhere; }
.waiting p { margin: 0 0 var(--space-2); overflow-wrap: anywhere; }
.waiting ul { margin: 0 0 var(--space-2); padding-left: var(--space-5); }
.waiting li a { display: inline-block; min-height: 24px; }
.more { margin-bottom: var(--space-2); }
.more summary { min-height: 24px; color: var(--soft); cursor: pointer; }
.waiting pre { margin: 0; max-height: 16rem; }
.answers { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3); margin-top: var(--space-3); }
.answers form { display: flex; flex-wrap: wrap; gap: var(--space-2); }
.answers button, .answers summary { box-sizing: border-box; min-height: 36px; max-width: 100%; padding: 6px var(--space-4); border: 1px solid var(--edge); border-radius: var(--radius-small); background: var(--surface); color: var(--text); font: inherit; font-weight: 600; overflow-wrap: anywhere; cursor: pointer; }
.answers button:hover, .answers summary:hover { background: var(--hover); }
.answers .primary { border-color: var(--action); background: var(--action); color: var(--on-action); }
.answers .primary:hover { background: var(--action); }
.answers .danger, .answers summary { color: var(--danger); }
.answers summary { list-style: none; }
.answers summary::-webkit-details-marker { display: none; }
.answers details[open] { flex-basis: 100%; }
.answers details form { margin-top: var(--space-2); align-items: center; }
.answers button:focus-visible, .notice:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.notice { margin: 0 0 var(--space-4); padding: var(--space-3) var(--space-4); border: 1px solid var(--line); border-left: 3px solid var(--success-mark); border-radius: var(--radius); }
.notice.warning { border-left-color: var(--waiting-mark); }
.waiting .held { border-left-color: var(--edge); }
@media (max-width: 40rem) {
  .waiting > li { padding: var(--space-3); }
  .answers button, .answers summary { min-height: 44px; }
}
`;

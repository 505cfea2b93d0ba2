import type { Context } from 'hono';
import { html } from 'hono/html';
import { plainOf } from '#core/chat/inline.ts';
import { changeWords, fileWords } from '#core/show/changes.ts';
import type { TaskState } from '#core/task/state.ts';
import { type ChangedStretch, changedStretches } from '#core/task/stretches.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { listProjects } from '#db/projects/projects.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import { type Diff, diff } from '#workers/workspace/diff.ts';
import type { Application } from '../../application.ts';
import { withheldWords } from '../../diff-file.ts';
import { sourceOf } from '../../project-file/load.ts';
import { drawCounts, drawPatch, fileAnchor } from './draw-patch.ts';
import { missing, numberOf, taskPage } from './page.ts';
import { pageViewer } from './page-viewer.ts';
import { type PatchFile, readPatch } from './read-patch.ts';

/** Lines that a page shows: 20 000 are 4 MB of it, and 0.1 s of the bot's time (measured). */
const shownLines = 20_000;

/** A part of the work, or the whole of it, which leads to no checkpoint of its own. */
type Stretch = Omit<ChangedStretch, 'n'> & Partial<Pick<ChangedStretch, 'n'>>;

/** What a task changed, as a whole or up to one of its checkpoints from the one before it (`?checkpoint=<n>`). */
export async function diffPage(context: Context, application: Application): Promise<Response> {
  const { db, home } = application;
  const task = await taskByNumber(db, numberOf(context), pageViewer(context));
  const project = (await listProjects(db)).find((each) => each.projectId === task?.project.id);
  if (task?.workspace === undefined || project === undefined) return missing(context);
  const { base, head } = task.workspace;
  const stretches: readonly Stretch[] = [{ title: 'All changes', from: base, to: head }, ...changedStretches(task)];
  const asked = context.req.query('checkpoint');
  const shown = stretches.find(({ n }) => n === (asked === undefined ? undefined : Number(asked)));
  if (shown === undefined) return missing(context);
  const found = await diff(sourceOf(home, project), shown.from, shown.to, { withhold: task.workspace.withheld });
  const lines = found.patch.split('\n', shownLines + 1);
  const files = readPatch(lines.slice(0, shownLines).join('\n'));
  const cut = found.truncated || lines.length > shownLines;
  const body = html`${scopes(task, stretches, shown)}${summary(found, shown, cut)}${explanation(task, found, shown)}${fileList(found, files)}${drawPatch(files)}`;
  return taskPage(context, application, { task, shows: 'Changes', body });
}

function scopes({ number }: TaskState, stretches: readonly Stretch[], shown: Stretch) {
  if (stretches.length < 3) return '';
  return html`<nav class="scopes" aria-label="Parts of the work">${stretches.map((each) => {
    const href = `/tasks/${number}/diff${each.n === undefined ? '' : `?checkpoint=${each.n}`}`;
    return html`<a href="${href}" ${each === shown ? html`aria-current="page"` : ''}>${each.title}</a> `;
  })}</nav>`;
}

function summary({ files, added, removed, withheld }: Diff, { from, to }: Stretch, cut: boolean) {
  return html`<p class="summary">${plural(files.length, 'file')} changed ${drawCounts(added, removed)} <span class="commits">from <code>${from.slice(0, 8)}</code> to <code>${to.slice(0, 8)}</code></span></p>
${withheld === 0 ? '' : html`<p class="note" role="note">${withheldWords(withheld)}</p>`}
${cut ? html`<p class="note" role="note">This is a large change: only its beginning is shown. The list of files is complete.</p>` : ''}`;
}

/** In words: what the part does and why, or what the whole does, where it is now, and what agents say of their work. */
function explanation(task: TaskState, { files }: Diff, { n, title, why }: Stretch) {
  if (n !== undefined) {
    const because = why === undefined ? '' : ` Why: ${plainText(why, { singleLine: true })}`;
    return html`<p>“${title}” ${fileWords(files)}.${because}</p>`;
  }
  const words = changeWords(task);
  const said = task.steps.flatMap(({ plan, agent }) =>
    plan.agent === undefined || agent?.said === undefined ? [] : [{ from: plan.agent.name, text: agent.said }],
  );
  return html`${words === undefined ? '' : html`<p>${plainOf(words)}</p>`}${said.map(
    ({ from, text }) =>
      html`<figure class="words"><figcaption>${plainText(from, { singleLine: true })} says:</figcaption><blockquote>${plainText(text, { maxLength: 4000 })}</blockquote></figure>`,
  )}`;
}

const signs = { added: 'A', modified: 'M', deleted: 'D', renamed: 'R' } as const;

function fileList({ files }: Diff, drawn: readonly PatchFile[]) {
  const places = new Map(drawn.map(({ path }, index) => [path, fileAnchor(index)]));
  return html`<ul class="changes">${files.map(({ path, previousPath, status, added, removed }) => {
    const place = places.get(path);
    const name = plainText(previousPath === undefined ? path : `${previousPath} → ${path}`, { singleLine: true });
    return html`<li><abbr class="${status}" title="${status}">${signs[status]}</abbr> ${place === undefined ? html`<span>${name}</span>` : html`<a href="#${place}">${name}</a>`} ${drawCounts(added, removed)}</li>`;
  })}</ul>`;
}

import type { Context } from 'hono';
import { html } from 'hono/html';
import { kindOf } from '#core/run/output-kind.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { plainText } from '#core/text/sanitise.ts';
import { type StoredOutput, sameName, storedOutput, tasksGiven } from '#db/outputs/find-outputs.ts';
import { taskById } from '#db/tasks/queries.ts';
import type { Application } from '../../../application.ts';
import { openOutput } from '../../../open-output.ts';
import { threadHref } from '../../../thread-href.ts';
import { showPage } from '../page.ts';
import { pageViewer } from '../page-viewer.ts';
import { libraryAllows, moment, oneLine, versionOf } from './pieces.ts';
import { preview } from './preview.ts';

/** Versions that a page lists. */
const versionLimit = 50;
/** Tasks that are listed as having been given it. */
const givenLimit = 20;

/** One output: what it looks like, what it came from, its other versions, and what can be done with it. */
export async function outputPage(context: Context, application: Application): Promise<Response> {
  const { db, home } = application;
  const eyes = pageViewer(context);
  const output = await storedOutput(db, context.req.param('id') ?? '', eyes);
  if (output === undefined) return context.text('There is no such file.', 404);
  const [kept, task, versions, given] = await Promise.all([
    openOutput(application, output.id, eyes),
    taskById(db, output.task.id),
    sameName(db, output, { eyes, limit: versionLimit }),
    tasksGiven(db, output.id, { eyes, limit: givenLimit }),
  ]);
  const thread = task === undefined ? undefined : await threadHref(application, task);
  const name = oneLine(output.name);
  const body = html`${kept === undefined ? html`<p class="note" role="note">Its bytes are no longer kept.</p>` : html`${await preview(home, output)}${deeds(output, versions)}`}
${facts(output, task?.request ?? '', thread)}${versionList(output, versions)}${givenTo(given)}`;
  const top = html`<a href="/library">← Library</a> <p><strong>#${output.task.number} ${oneLine(output.task.title)}</strong> <span>${oneLine(output.project.name)}</span></p>`;
  return showPage(context, { title: name, heading: name, top, body, allows: libraryAllows });
}

function deeds({ id, mediaType, name, task, version }: StoredOutput, versions: readonly StoredOutput[]) {
  const opens = /^(?:pdf|image)$/.test(kindOf(mediaType)) && mediaType !== 'image/svg+xml';
  const newer = versions.some((each) => each.task.id === task.id && each.version > version);
  const which = newer ? ` version ${version}` : '';
  const named = /["“”\n]/.test(name) ? `the outputs of #${task.number}` : `“${name}”${which} of #${task.number}`;
  const say = `/c/general?${new URLSearchParams({ say: `@commander with ${named}, ` })}`;
  return html`<nav class="scopes" aria-label="What can be done with it">${opens ? html`<a href="/outputs/${id}">Open</a> ` : ''}<a href="/outputs/${id}" download="${name}">Download</a> <a href="${say}">Use in a new task…</a></nav>
<p class="note">In any chat, say what to do “with ${named.replaceAll(/[“”]/g, '')}”.</p>`;
}

function facts(
  { project, task, requester, madeAt, mediaType, size, sha256, version, runId }: StoredOutput,
  request: string,
  thread: string | undefined,
) {
  const rows = [
    [
      'Task',
      html`<a href="/tasks/${task.number}">#${task.number}</a> ${oneLine(task.title)}${thread === undefined ? '' : html` · <a href="${thread}">its thread</a>`}`,
    ],
    ['Asked for by', oneLine(requester.name)],
    ['In these words', html`<span class="said">${plainText(request, { maxLength: 2000 })}</span>`],
    [
      'Project',
      html`<a href="/library?${new URLSearchParams({ project: project.name })}">${oneLine(project.name)}</a>`,
    ],
    ['Made', moment(madeAt)],
    ['Version', String(version)],
    ['Media type', html`<code>${mediaType}</code>`],
    ['Size', size < 1000 ? formatBytes(size) : `${formatBytes(size)} (${size} bytes)`],
    ['SHA-256', html`<code>${sha256}</code>`],
    ...(runId === undefined ? [] : [['Run', html`<code>${runId}</code>`]]),
  ];
  return html`<section><h2>Where it comes from</h2><dl class="facts">${rows.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl></section>`;
}

function versionList(output: StoredOutput, versions: readonly StoredOutput[]) {
  if (versions.length < 2) return '';
  const rows = versions.map((each) => {
    if (each.id === output.id)
      return html`<li aria-current="true"><span>${versionOf(each)}</span> <span class="note">${moment(each.madeAt)}, ${formatBytes(each.size)}; shown here</span></li>`;
    const [before, after] = each.madeAt < output.madeAt ? [each, output] : [output, each];
    const same = each.sha256 === output.sha256 ? ', the same bytes' : '';
    return html`<li><a href="/library/${each.id}">${versionOf(each)}</a> <span class="note">${moment(each.madeAt)}, ${formatBytes(each.size)}${same}</span> <a class="deed" href="/library/${before.id}/compare/${after.id}">Compare<span class="unseen"> ${versionOf(each)} with this one</span></a></li>`;
  });
  const more =
    versions.length === versionLimit ? html`<p class="note">Only the newest ${versionLimit} are listed.</p>` : '';
  return html`<section><h2>Versions in ${oneLine(output.project.name)}</h2><ul class="changes">${rows}</ul>${more}</section>`;
}

function givenTo(tasks: readonly { readonly number: number; readonly title: string }[]) {
  if (tasks.length === 0) return '';
  return html`<section><h2>Given to</h2><ul class="changes">${tasks.map(
    ({ number, title }) => html`<li><a href="/tasks/${number}">#${number} ${oneLine(title)}</a></li>`,
  )}</ul></section>`;
}

import type { Context } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { kindOf, type OutputKind, outputKinds } from '#core/run/output-kind.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { everybodyNamed, memberNames } from '#db/intake/members.ts';
import { findOutputs, type StoredOutput } from '#db/outputs/find-outputs.ts';
import { listProjects } from '#db/projects/projects.ts';
import { taskByNumber } from '#db/tasks/queries.ts';
import type { Application } from '../../../application.ts';
import { showPage } from '../page.ts';
import { pageViewer } from '../page-viewer.ts';
import { libraryAllows, moment, oneLine, sortOf } from './pieces.ts';

const pageRows = 50;
/** People and projects that a menu offers. */
const menuLimit = 500;
/** Bytes of a picture that is shown in a list. */
const thumbnailBytes = 2 * 1024 * 1024;

/** As people write it: an address can hold what Postgres does not take. */
const said = z
  .string()
  .max(200)
  .overwrite((text) => plainText(text, { singleLine: true }));

/** What the address asks for; what can not be meant is left out. */
const asked = z.object({
  kind: z.enum(outputKinds).optional().catch(undefined),
  name: said.optional().catch(undefined),
  project: said.optional().catch(undefined),
  person: said.optional().catch(undefined),
  task: z.coerce.number().int().positive().max(999_999_999).optional().catch(undefined),
  versions: z.literal('all').optional().catch(undefined),
  page: z.coerce.number().int().positive().max(100_000).catch(1),
});

type Asked = z.infer<typeof asked>;

/** What tasks made, the newest first: by kind, project, person, task and name. */
export async function libraryPage(context: Context, application: Application): Promise<Response> {
  const { db } = application;
  const eyes = pageViewer(context);
  const wanted = asked.parse(
    Object.fromEntries(Object.entries(context.req.query()).filter(([, value]) => value !== '')),
  );
  const [projects, people, task, members] = await Promise.all([
    listProjects(db),
    memberNames(db, menuLimit),
    wanted.task === undefined ? undefined : taskByNumber(db, wanted.task, eyes),
    wanted.person === undefined ? undefined : everybodyNamed(db, wanted.person),
  ]);
  const project = projects.find(({ name }) => name === wanted.project);
  const nothing =
    members?.length === 0 ||
    [wanted.task !== undefined && task === undefined, wanted.project !== undefined && project === undefined].includes(
      true,
    );
  const { outputs, more } = nothing
    ? { outputs: [], more: 0 }
    : await findOutputs(
        db,
        {
          eyes,
          kind: wanted.kind,
          name: wanted.name,
          versions: wanted.versions,
          taskId: task?.id,
          projectId: project?.projectId,
          members,
        },
        { limit: pageRows, offset: (wanted.page - 1) * pageRows },
      );
  const names = projects.slice(0, menuLimit).map(({ name }) => name);
  const body = html`${filters(wanted, names, people)}
<p class="summary" role="status">${plural(outputs.length + more, 'file')}${wanted.page > 1 ? `, from page ${wanted.page} on` : ''}</p>
${outputs.length === 0 ? html`<p>Nothing fits. What tasks publish stands here.</p>` : html`<ul class="library">${outputs.map(row)}</ul>`}
${pages(wanted, more)}`;
  const top = html`<a href="/">← Chat</a> <p><strong>Commander</strong></p>`;
  return showPage(context, { title: 'Library', heading: 'Library', top, body, allows: libraryAllows });
}

function filters(
  { kind, name, project, person, task, versions }: Asked,
  projects: readonly string[],
  people: readonly string[],
) {
  return html`<form class="filters" method="get" action="/library" role="search">
<label>Name <input type="search" name="name" value="${name ?? ''}" maxlength="200"></label>
${menu('Kind', 'kind', outputKinds, kind)}${menu('Project', 'project', projects, project)}${menu('Asked for by', 'person', people, person)}
<label>Task <input type="text" inputmode="numeric" name="task" value="${task ?? ''}" maxlength="9" size="5"></label>
<label class="check"><input type="checkbox" name="versions" value="all" ${versions === 'all' ? 'checked' : ''}> Older versions too</label>
<button type="submit">Show</button>
</form>`;
}

function menu(label: string, name: string, options: readonly string[], chosen: string | undefined) {
  return html`<label>${label} <select name="${name}"><option value="">Any</option>${options.map(
    (option) => html`<option value="${option}" ${option === chosen ? 'selected' : ''}>${oneLine(option)}</option>`,
  )}</select></label>`;
}

function row(output: StoredOutput) {
  const { id, name, version, task, project, requester, madeAt, mediaType, size } = output;
  const kind: OutputKind = kindOf(mediaType);
  const picture =
    kind === 'image' && size <= thumbnailBytes
      ? html`<img src="/outputs/${id}" alt="" loading="lazy">`
      : html`<span aria-hidden="true">${kind}</span>`;
  return html`<li><div class="thumbnail">${picture}</div><div><a class="name" href="/library/${id}">${oneLine(name)}</a>
<p>${version > 1 ? `version ${version} · ` : ''}${sortOf(output)} · <a href="/tasks/${task.number}">#${task.number}</a> ${oneLine(task.title)}</p>
<p class="note">${oneLine(project.name)} · asked for by ${oneLine(requester.name)} · ${moment(madeAt)}</p></div></li>`;
}

function pages(wanted: Asked, more: number) {
  const to = (page: number) => {
    const query = Object.entries({ ...wanted, page }).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]],
    );
    return `/library?${new URLSearchParams(query)}`;
  };
  if (wanted.page === 1 && more === 0) return '';
  return html`<nav class="scopes" aria-label="Pages">${wanted.page > 1 ? html`<a href="${to(wanted.page - 1)}">Newer</a>` : ''} ${more > 0 ? html`<a href="${to(wanted.page + 1)}">Older</a>` : ''}</nav>`;
}

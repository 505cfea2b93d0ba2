import { fixedPart } from '#core/project-file/scope.ts';
import { type FileScope, scopeOfFiles } from '#core/understand/read-files.ts';
import type { Project } from '#db/projects/projects.ts';
import { sourceOf } from '../project-file/load.ts';
import { linksOf } from '../project-file/look-pool.ts';

interface SaidFiles {
  readonly files: readonly string[];
  /** What its runbook works on. */
  readonly declared: readonly string[] | undefined;
}

/** The scope that a request names. What leads out of the project is refused, through a link as well. */
export async function findScope(home: string, project: Project, { files, declared }: SaidFiles): Promise<FileScope> {
  if (files.length === 0) return { ok: true, scope: [] };
  const said = scopeOfFiles(files, declared);
  if (!said.ok) return said;
  const looked = await linksOf({ source: sourceOf(home, project), paths: said.scope.map(fixedPart) });
  if (!looked.ok) return { ok: false, problems: [looked.problem] };
  const problems = looked.links.map(
    (path) => `“${path}” is a link. Name the path that it leads to, inside the project.`,
  );
  return problems.length === 0 ? said : { ok: false, problems };
}

import { strictestDeciders } from '#core/policy/deciders.ts';
import type { ProjectFile } from '#core/project-file/schema.ts';
import type { Understanding } from '#core/task/state.ts';
import type { Application } from '../application.ts';

/** Only said where it is more than what every approval needs. */
export function whoDecides({ approvals }: Application, file: ProjectFile): Pick<Understanding, 'deciders'> {
  const said = [approvals, file.approvals].filter((each) => each !== undefined);
  return said.length === 0 ? {} : { deciders: strictestDeciders(...said) };
}

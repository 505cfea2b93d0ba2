import { answerMs } from '#core/policy/answer-time.ts';
import { strictestDeciders } from '#core/policy/deciders.ts';
import type { ProjectFile } from '#core/project-file/schema.ts';
import { usualAnswerMs } from '#core/task/question-limit.ts';
import type { Understanding } from '#core/task/understanding.ts';
import type { Wanted } from '#core/understand/ask.ts';
import type { Application } from '../application.ts';
import type { Known } from './known.ts';

/** Who decides what a task asks, and how long it waits for answers. */
export type Asked = Pick<Understanding, 'deciders' | 'answerWithin'>;

/** The same as the installation and the project say it: only where that is more than what holds everywhere. */
export function howAsked({ approvals, answerWithin }: Application, file: ProjectFile): Asked {
  const said = [approvals, file.approvals].filter((each) => each !== undefined);
  const own = file.questions?.answer_within;
  const within = own === undefined ? answerWithin : answerMs(own);
  return {
    ...(said.length === 0 ? {} : { deciders: strictestDeciders(...said) }),
    ...(within === undefined ? {} : { answerWithin: within }),
  };
}

/** How long a request waits for what must be known first (ms): as its project says it, once that is known. */
export function askWithin(application: Application, { usable }: Known, wanted: Wanted): number | 'never' {
  const id = wanted.kind === 'inputs' ? wanted.project.id : undefined;
  const found = usable.find(({ project }) => project.projectId === id);
  const { answerWithin } = found === undefined ? application : howAsked(application, found.file);
  return answerWithin ?? usualAnswerMs;
}

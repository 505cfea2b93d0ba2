import type { TaskState } from '../task/state.ts';

/** What a task says of others by number: those that it waits for, and those that its files come from. */
export function namedTasks({ after, because, understanding }: TaskState): ReadonlySet<number> {
  const said = [because.text, because.awaited ?? '', because.next ?? ''].join(' ').matchAll(/#(\d{1,9})\b/g);
  const origins = understanding.attachments.flatMap(({ from }) => from?.task ?? []);
  return new Set([...after, ...origins, ...[...said].map(([, number]) => Number(number))]);
}

/** The same task as it is shown where some of the others are private: these are not named. */
export function withoutNames(state: TaskState, hidden: ReadonlySet<number>): TaskState {
  if (hidden.size === 0) return state;
  const unnamed = (text: string) =>
    text.replaceAll(/#(\d{1,9})\b/g, (named, number) => (hidden.has(Number(number)) ? 'a private task' : named));
  const { because, understanding } = state;
  return {
    ...state,
    after: state.after.filter((number) => !hidden.has(number)),
    because: {
      ...because,
      text: unnamed(because.text),
      ...(because.awaited === undefined ? {} : { awaited: unnamed(because.awaited) }),
      ...(because.next === undefined ? {} : { next: unnamed(because.next) }),
    },
    understanding: {
      ...understanding,
      attachments: understanding.attachments.map(({ from, ...file }) =>
        from === undefined || hidden.has(from.task) ? file : { ...file, from },
      ),
    },
  };
}

import { gitText } from './git.ts';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export interface CommitContent {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** Who asked for the work. */
  readonly author: Person;
  /** Lines such as `Requested-by: Ana <ana@example.org>` at the end of the message. */
  readonly trailers?: Readonly<Record<string, string>>;
}

export const commander: Person = { name: 'Commander', email: 'commander@localhost' };

/** Writes a commit object (it belongs to no branch yet) and gives its id. The committer is Commander. */
export async function writeCommit(gitDirectory: string, content: CommitContent): Promise<string> {
  const author = identityOf(content.author);
  return gitText(['commit-tree', content.tree, ...content.parents.flatMap((each) => ['-p', each])], {
    gitDirectory,
    input: messageOf(content),
    environment: {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_COMMITTER_NAME: commander.name,
      GIT_COMMITTER_EMAIL: commander.email,
    },
  });
}

function messageOf({ message, trailers = {} }: CommitContent): string {
  const text = message.replaceAll('\0', '').replaceAll('\r\n', '\n').trim() || 'Work';
  const lines = Object.entries(trailers).map(([key, value]) => `${key}: ${oneLine(value)}`);
  return lines.length === 0 ? `${text}\n` : `${text}\n\n${lines.join('\n')}\n`;
}

/** Names come from chat: git refuses names of punctuation only, and a line break or `<` would forge a header. */
function identityOf({ name, email }: Person): Person {
  const cleanName = oneLine(name).replaceAll(/[<>]/g, '').trim();
  const cleanEmail = oneLine(email).replaceAll(/[<>\s]/g, '');
  return {
    name: /[\p{L}\p{N}]/u.test(cleanName) ? cleanName : 'Somebody',
    email: /[\p{L}\p{N}]/u.test(cleanEmail) ? cleanEmail : 'somebody@localhost',
  };
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\x00-\x1f\x7f\u0085\u2028\u2029]+/g, ' ')
    .slice(0, 200)
    .trim();
}

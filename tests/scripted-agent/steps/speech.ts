import type { SessionConfigOption, ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk';
import type { StepOf, ToolDescription } from '../script.ts';
import type { Session } from '../sessions.ts';
import type { Behaviour } from '../settings.ts';
import type { Ending, Turn } from '../turn.ts';

/** A chunk of the agent's message. */
export async function say(turn: Turn, text: string, messageId?: string): Promise<Ending> {
  await turn.update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text }, messageId });
  return undefined;
}

/** A tool call as the protocol wants it: absolute paths, text as a content block. */
export function toolCallOf(tool: ToolDescription, session: Session): ToolCallUpdate {
  const { id, content, locations, ...rest } = tool;
  return {
    ...rest,
    toolCallId: id,
    content: content?.map((piece): ToolCallContent => {
      if (piece.type === 'text') return { type: 'content', content: { type: 'text', text: piece.text } };
      return piece.type === 'diff' ? { ...piece, path: pathIn(session, piece.path) } : piece;
    }),
    locations: locations?.map((location) => ({ ...location, path: pathIn(session, location.path) })),
  };
}

/** An absolute path, `..` left as written: a client must not trust it. */
export function pathIn(session: Session, path: string): string {
  return path.startsWith('/') ? path : `${session.cwd}/${path}`;
}

/** The configuration options with the values that a session has now. */
export function configOptionsOf(behaviour: Behaviour, session: Session): SessionConfigOption[] {
  return behaviour.configOptions.map(({ id, name, category, values }) => ({
    type: 'select',
    id,
    name,
    category,
    currentValue: session.config.get(id) ?? values[0] ?? '',
    options: values.map((value) => ({ value, name: value })),
  }));
}

const plain = async (sent: Promise<void>): Promise<Ending> => {
  await sent;
  return undefined;
};

/** Steps that only tell the client something. */
export const speech = {
  say: (step: StepOf<'say'>, turn: Turn) => say(turn, step.text, step.messageId),
  think: ({ text }: StepOf<'think'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'agent_thought_chunk', content: { type: 'text', text } })),
  plan: ({ entries }: StepOf<'plan'>, turn: Turn) => plain(turn.update({ sessionUpdate: 'plan', entries })),
  tool: ({ do: _, ...tool }: StepOf<'tool'>, turn: Turn) => {
    const { content, locations, kind, status, ...call } = toolCallOf(tool, turn.session);
    const some = { content: content ?? undefined, locations: locations ?? undefined };
    const state = { kind: kind ?? undefined, status: status ?? undefined };
    return plain(turn.update({ sessionUpdate: 'tool_call', ...call, ...some, ...state, title: tool.title }));
  },
  'tool-update': ({ do: _, ...tool }: StepOf<'tool-update'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'tool_call_update', ...toolCallOf(tool, turn.session) })),
  usage: ({ used, size, cost }: StepOf<'usage'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'usage_update', used, size, cost })),
  mode: ({ mode }: StepOf<'mode'>, turn: Turn) => {
    turn.session.mode = mode;
    return plain(turn.update({ sessionUpdate: 'current_mode_update', currentModeId: mode }));
  },
  config: ({ option, value }: StepOf<'config'>, turn: Turn) => {
    turn.session.config.set(option, value);
    const configOptions = configOptionsOf(turn.behaviour, turn.session);
    return plain(turn.update({ sessionUpdate: 'config_option_update', configOptions }));
  },
  commands: ({ commands }: StepOf<'commands'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'available_commands_update', availableCommands: commands })),
  title: ({ title }: StepOf<'title'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'session_info_update', title })),
  notice: ({ severity, title, description }: StepOf<'notice'>, turn: Turn) =>
    plain(turn.update({ sessionUpdate: 'notice', severity, title, description })),
  compaction: ({ id, status, summary, error }: StepOf<'compaction'>, turn: Turn) => {
    const blocks = summary === undefined ? undefined : [{ type: 'text' as const, text: summary }];
    return plain(turn.update({ sessionUpdate: 'compaction_update', compactionId: id, status, summary: blocks, error }));
  },
  stderr: ({ text }: StepOf<'stderr'>) =>
    plain(new Promise((written) => process.stderr.write(`${text}\n`, () => written()))),
};

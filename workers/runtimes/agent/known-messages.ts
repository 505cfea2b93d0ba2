import type { AnyMessage } from '@agentclientprotocol/sdk';

/** The updates that this version of the protocol has. Newer ones are not for us; the SDK would print an error for each. */
const known: ReadonlySet<string> = new Set([
  'user_message_chunk',
  'agent_message_chunk',
  'agent_thought_chunk',
  'tool_call',
  'tool_call_update',
  'plan',
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
  'session_info_update',
  'usage_update',
  'notice',
  'compaction_update',
  'compaction_summary_chunk',
]);

/** Leaves out updates of a kind that is not known; `onUnknown` hears of each kind once. */
export function knownMessages(onUnknown: (kind: string) => void): TransformStream<AnyMessage, AnyMessage> {
  const told = new Set<string>();
  return new TransformStream({
    transform(message, controller) {
      const kind = kindOf(message);
      if (kind === undefined || known.has(kind)) controller.enqueue(message);
      else if (!told.has(kind) && told.size < known.size) {
        told.add(kind);
        onUnknown(kind);
      }
    },
  });
}

/** Of an update; `undefined` for every other message. */
function kindOf(message: AnyMessage): string | undefined {
  if (!('method' in message) || message.method !== 'session/update') return undefined;
  const { params } = message;
  const update = typeof params === 'object' && params !== null && 'update' in params ? params.update : undefined;
  const kind =
    typeof update === 'object' && update !== null && 'sessionUpdate' in update ? update.sessionUpdate : undefined;
  return typeof kind === 'string' ? kind : undefined;
}

import type { CompactionUpdate, ContentBlock, Notice, SessionUpdate } from '@agentclientprotocol/sdk';
import type { AgentChange } from '#core/task/agent-work.ts';
import type { Redactor } from '#core/text/redact.ts';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { RuntimeEvent } from '../runtime.ts';
import type { Meter } from './budget.ts';
import { redactEvent } from './redact-event.ts';
import { actionOf, createToolCalls, type KnownCall, type ToolCalls } from './tool-calls.ts';
import { ownWordsOf, reasonSaid } from './why.ts';

/** What an agent says while it works, made into what the thread shows. */
export interface Updates {
  take(update: SessionUpdate): void;
  readonly calls: ToolCalls;
  /** Shows at once what was held back. */
  flush(): void;
  /** The same, and gives what the agent said in this turn. */
  endTurn(): string;
  /** Tells what was used so far, with the next that is shown. */
  used(): void;
}

/** People read no faster, and every row is a row in the database: the newest of this time is shown. Milliseconds. */
const showEveryMs = 250;
const planLimit = 20;
const planTextLength = 120;
/** Of what it says at the end of a turn: what a report shows. The whole is in its own session. */
const saidLength = 6_000;

export interface UpdatesOptions {
  readonly folder: string;
  readonly stepId: string;
  readonly show: (event: RuntimeEvent) => void;
  readonly meter: Meter;
  readonly redactor: Redactor;
}

export function createUpdates({ folder, stepId, show, meter, redactor }: UpdatesOptions): Updates {
  const calls = createToolCalls();
  const shownCalls = new Map<string, string>();
  const reasons = new Map<string, string>();
  let said = '';
  let words = redactor.stream();
  let action: RuntimeEvent | undefined;
  let change: AgentChange = {};
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (action !== undefined) show(action);
    if (Object.keys(change).length > 0) show({ type: 'agent', stepId, change });
    action = undefined;
    change = {};
  }

  /** The first is shown at once, those that follow closely together. */
  function later(): void {
    if (timer !== undefined) return;
    flush();
    timer = setTimeout(() => {
      timer = undefined;
      if (action !== undefined || Object.keys(change).length > 0) later();
    }, showEveryMs);
    timer.unref();
  }

  function act(text: string): void {
    action = { type: 'action', text };
    later();
  }

  function begin(): void {
    said = '';
    words = redactor.stream();
  }

  /** What it said before it went to work was not its answer: it was why it did what came next. */
  function reasonBefore(toolCallId: string): void {
    const reason = reasonSaid(redactor.redact(plainText(said + words.end())));
    if (reason !== undefined) reasons.set(toolCallId, reason);
    begin();
  }

  function onCall(known: KnownCall): void {
    const call = redactEvent(known, redactor);
    const { text, code } = actionOf(call, folder);
    const why = reasons.get(call.toolCallId) ?? ownWordsOf(call, folder);
    const failed = call.status === 'failed';
    const words = failed ? `Failed: ${text}` : text;
    const key = `${words} ${code ?? ''}`;
    if (shownCalls.get(call.toolCallId) === key) return;
    shownCalls.set(call.toolCallId, key);
    action = {
      type: 'action',
      text: words,
      ...(code === undefined ? {} : { code }),
      ...(why === undefined ? {} : { why }),
    };
    later();
  }

  return {
    calls,
    flush,
    used() {
      change = { ...change, spent: meter.now() };
      later();
    },
    endTurn() {
      flush();
      shownCalls.clear();
      reasons.clear();
      const all = redactor.redact(plainText(said + words.end())).trim();
      begin();
      return shorten(all, saidLength);
    },
    take(update) {
      switch (update.sessionUpdate) {
        case 'agent_message_chunk':
          // The end of what it says counts: it sums up.
          said = (said + words.push(textOf(update.content))).slice(-4 * saidLength);
          break;
        case 'tool_call':
          reasonBefore(update.toolCallId);
          onCall(calls.merge(update));
          break;
        case 'tool_call_update':
          onCall(calls.merge(update));
          break;
        case 'plan':
          change = {
            ...change,
            plan: redactEvent(update.entries, redactor)
              .slice(0, planLimit)
              .map(({ content, status }) => ({
                text: shorten(plainText(content, { singleLine: true }), planTextLength),
                status,
              })),
          };
          later();
          break;
        case 'usage_update': {
          const { used, size, cost } = update;
          if (cost) meter.cost(cost.amount, cost.currency);
          const usage = { used, size, ...(cost ? { cost: { amount: cost.amount, currency: cost.currency } } : {}) };
          change = { ...change, usage, spent: meter.now() };
          later();
          break;
        }
        case 'notice':
          act(noticeWords(redactEvent(update, redactor)));
          break;
        case 'compaction_update':
          act(compactionWords(redactEvent(update, redactor)));
          break;
        case 'current_mode_update':
          act(`Works in the mode ${clean(redactor.redact(update.currentModeId))} now`);
          break;
        default:
          // Thoughts, commands, titles, what was said to it: signs of life, and nothing that the thread shows.
          break;
      }
    },
  };
}

const noticeLength = 200;

function clean(text: string): string {
  return shorten(plainText(text, { singleLine: true }), noticeLength);
}

/** What the agent wants people to know, in its words. */
function noticeWords({ severity, title, description }: Notice): string {
  const words = clean(description ? `${title}: ${description}` : title);
  return severity === 'warning' || severity === 'error'
    ? `${severity === 'error' ? 'Error' : 'Warning'}: ${words}`
    : words;
}

/** It forgets details of what was said before, to have room. */
function compactionWords({ status, error }: CompactionUpdate): string {
  switch (status) {
    case 'completed':
      return 'Has summed up what it knows, to have room';
    case 'failed':
      return `Could not sum up what it knows${error ? `: ${clean(error)}` : ''}`;
    default:
      return 'Sums up what it knows, to have room';
  }
}

function textOf(content: ContentBlock): string {
  if (content.type === 'text') return content.text;
  if (content.type === 'resource_link') return content.uri;
  return '';
}

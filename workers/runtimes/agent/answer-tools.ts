import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, rm } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { commandTools } from '#core/commands/agent-tools.ts';
import { decidePermission } from '#core/policy/decide-permission.ts';
import type { CommandValues } from '#core/run/other-tasks.ts';
import { TooLargeToStore } from '#core/run/stored-file.ts';
import { plainText, revealText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';
import type { ToolCall } from '../../agents/mcp/tools.ts';
import { outputLimits } from '../../outputs/collect-outputs.ts';
import { safeFileName } from '../../outputs/file-name.ts';
import { openInside } from '../../outputs/open-inside.ts';
import { hashOf } from '../../run/hash.ts';
import { answerWish, decisionOf } from './answer-wish.ts';
import type { Conversation } from './conversation.ts';
import { followLinks } from './deciding.ts';
import { bringFiles, filesWith } from './given-files.ts';
import { wholeMail } from './mail.ts';
import { redactEvent } from './redact-event.ts';
import { timedOutForAgent } from './unanswered.ts';

/** Answers what an agent asks of Commander; each is about the task of its run and no other. What it gave up people are not asked any more. */
export async function answerTool(talk: Conversation, call: ToolCall, givenUp: AbortSignal): Promise<string> {
  const clean = talk.redactor.redact;
  switch (call.tool) {
    case 'report_progress':
      talk.show({ type: 'action', text: shorten(clean(plainText(call.input.text, { singleLine: true })), 200) });
      return 'Shown.';
    case 'ask_person':
      return askPerson(talk, redactEvent(call.input, talk.redactor), givenUp);
    case 'request_approval':
      return requestApproval(talk, call.input, givenUp);
    case 'publish_output':
      return publish(talk, call.input.path, givenUp);
    case 'command':
      return runCommand(talk, call, givenUp);
    case 'create_task':
      return createTask(talk, clean(plainText(call.input.request)).trim(), givenUp);
    case 'send_message':
      return talk.context.otherTasks({
        type: 'send-message',
        to: call.input.task,
        text: clean(plainText(call.input.text)),
      });
    case 'inbox':
      return wholeMail(talk);
  }
}

type AskPersonInput = Extract<ToolCall, { readonly tool: 'ask_person' }>['input'];

async function askPerson(talk: Conversation, asked: AskPersonInput, givenUp: AbortSignal): Promise<string> {
  const { question, options = [], otherwise, within_minutes: minutes } = asked;
  const line = (text: string) => plainText(text, { singleLine: true });
  const answer = await talk.asks?.question(
    {
      type: 'asks-question',
      stepId: talk.step.id,
      text: plainText(question, { maxLength: 1_000 }),
      options: options.map((label, index) => ({ value: String(index + 1), label: line(label) })),
      ...(otherwise === undefined ? {} : { otherwise: line(otherwise) }),
      ...(minutes === undefined ? {} : { withinMs: minutes * 60_000 }),
    },
    givenUp,
  );
  if (answer?.status === 'timed-out') return timedOutForAgent(answer);
  if (answer?.status !== 'answered') return 'Nobody has answered yet.';
  return `${answer.answer ?? ''}${filesWith(await bringFiles(talk.context, answer))}`;
}

/** What is decided is bound to what was asked; people see it without secrets. */
async function requestApproval(
  talk: Conversation,
  asked: { readonly action: string; readonly reason: string },
  givenUp: AbortSignal,
): Promise<string> {
  const { task } = talk.context;
  const exact = { tool: 'request_approval', action: asked.action };
  const { action, reason } = redactEvent(asked, talk.redactor);
  const hash = hashOf({ taskId: task.id, round: task.round, stepId: talk.step.id, exact });
  const decided = await decisionOf(
    talk,
    {
      type: 'asks-permission',
      stepId: talk.step.id,
      title: shorten(plainText(action, { singleLine: true }), 150),
      reason: shorten(plainText(reason, { singleLine: true }), 300),
      shown: plainText(action),
      hash,
      ruleHash: hash,
      permission: { risk: 'medium' },
    },
    givenUp,
  );
  if (decided === undefined) return 'Nobody has decided yet. Do not do it.';
  const note = decided.note === undefined || decided.note === '' ? '' : ` They say: ${decided.note}`;
  return decided.status === 'approved' ? 'Approved.' : `Denied. Do not do it.${note}`;
}

/** A command of the table: it only looks, so it is done unless the policy says otherwise. */
async function runCommand(
  talk: Conversation,
  { name, input }: { readonly name: string; readonly input: CommandValues },
  givenUp: AbortSignal,
): Promise<string> {
  const tool = commandTools.find((each) => each.name === name);
  if (tool === undefined) return `There is no command ${name}.`;
  const shown = `${name} ${JSON.stringify(input)}`;
  const why = { title: `Ask Commander: ${name}`, reason: 'its agent wants to know it' };
  const refused = await refusal(talk, { kind: 'commander', tool: name, ...why, shown }, givenUp);
  return refused ?? talk.context.otherTasks({ type: 'command', command: tool.command, values: input });
}

/** What was made already is not asked again. */
async function createTask(talk: Conversation, request: string, givenUp: AbortSignal): Promise<string> {
  const { otherTasks } = talk.context;
  const before = await otherTasks({ type: 'find-made', request });
  if (before !== '') return before;
  const title = shorten(`Ask for another task: ${plainText(request, { singleLine: true })}`, 150);
  const reason = 'its agent wants another task, in the name of who asked for this one';
  const use = { kind: 'create_task', tool: 'create_task', title, reason, shown: request };
  const refused = await refusal(talk, use, givenUp);
  return refused ?? otherTasks({ type: 'create-task', request });
}

interface ToolUse {
  /** What the policy knows it as. */
  readonly kind: string;
  readonly tool: string;
  readonly paths?: readonly string[];
  readonly title: string;
  /** Why a person is asked, where it is not what the policy says. */
  readonly reason?: string;
  /** What a person sees, and decides about. */
  readonly shown: string;
  /** The hash of what else the decision is about and can change while people decide; absent: nothing is. */
  readonly content?: () => Promise<string>;
}

/** Why a tool may not be used, by the policy or by a person who was asked; `undefined`: it may. */
async function refusal(talk: Conversation, use: ToolUse, givenUp: AbortSignal): Promise<string | undefined> {
  const { context, step } = talk;
  const { task, folder, policy } = context;
  const { kind, tool, paths = [], title, shown } = use;
  const where = { worktree: folder, project: context.checkout, cwd: folder, follow: followLinks };
  const wish = { kind, title: `commander: ${tool}`, paths, hosts: [], ...where };
  const verdict = decidePermission(wish, { operator: policy, project: step.agent?.policy ?? [] });
  if (verdict.decision === 'allow') return undefined;
  if (verdict.decision === 'deny') return `Denied, for ${verdict.reason}. Do not try it in another way.`;
  const { reason = verdict.reason, content } = use;
  const look = async () => {
    const exact = { tool, shown, ...(content === undefined ? {} : { content: await content() }) };
    const hash = hashOf({ taskId: task.id, round: task.round, stepId: step.id, exact });
    const ask = { type: 'asks-permission', stepId: step.id, title, reason, shown } as const;
    return { verdict, ask: { ...ask, hash, ruleHash: hash, permission: { risk: 'medium' } as const } };
  };
  const answer = await answerWish(talk, look, givenUp);
  if (answer.is === 'denied') return `Denied.${answer.why === '' ? '' : ` They say: ${answer.why}`}`;
  return answer.is === 'allowed' ? undefined : 'Nobody has decided yet. Ask again with the same words when you go on.';
}

/**
 * The file is copied by what was really opened, so that a link leads nowhere; nor does one that stands where the copy goes, for the
 * agent can write there and Commander must not write for it elsewhere. People approve what it holds then: changed meanwhile, it is asked
 * again. It is published when the step ends.
 */
async function publish(talk: Conversation, path: string, givenUp: AbortSignal): Promise<string> {
  const { context, show, redactor } = talk;
  const place = resolve(context.folder, path);
  const file = await openInside(context.folder, place);
  try {
    const shown = redactor.redact(revealText(path));
    const title = shorten(`Show people the file ${shown}`, 150);
    const content = () => contentHash(file);
    const use = { kind: 'read', tool: 'publish_output', paths: [place], title, shown, content };
    const refused = await refusal(talk, use, givenUp);
    if (refused !== undefined) return refused;
    const { bytes } = outputLimits;
    if ((await file.stat()).size > bytes) throw new TooLargeToStore(bytes);
    const name = safeFileName(basename(place), new Set());
    const copy = join(context.files.outputs, name);
    await mkdir(context.files.outputs, { recursive: true });
    await rm(copy, { force: true });
    await pipeline(
      file.createReadStream({ start: 0, end: bytes, autoClose: false }),
      createWriteStream(copy, { flags: 'wx' }),
    );
    show({ type: 'action', text: 'Will publish', code: name });
    return `${name} is shown to the people when you are done.`;
  } finally {
    await file.close();
  }
}

/** SHA-256 of all of a file that can be published. */
async function contentHash(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(file.createReadStream({ start: 0, end: outputLimits.bytes, autoClose: false }), hash);
  return hash.digest('hex');
}

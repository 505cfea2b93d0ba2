import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { AgentSpec } from '#core/agents/settings.ts';
import type { PlannedStep } from '#core/project-file/plan.ts';
import { handOversOf } from '#core/task/agent-work.ts';
import type { Approval, Question } from '#core/task/asked.ts';
import type { Note } from '#core/task/note.ts';
import { filesHeard } from '#core/task/said-files.ts';
import type { TaskState } from '#core/task/state.ts';
import type { StepState } from '#core/task/step-state.ts';
import { joinWords } from '#core/text/list.ts';
import { type PlacedFile, placesOf, placesOfSaid } from '../../run/task-files.ts';
import type { StepContext } from '../runtime.ts';
import type { Conversation } from './conversation.ts';
import { doneSoFar } from './done-so-far.ts';
import { fileBlocks, filesWith } from './given-files.ts';
import type { OpenSession } from './open-session.ts';
import { timedOutForAgent } from './unanswered.ts';

/** The first prompt of a step, or the one with which a session is taken up again. */
export async function openingPrompt(
  { step, context, spec }: Pick<Conversation, 'step' | 'context' | 'spec'>,
  session: OpenSession,
): Promise<ContentBlock[]> {
  const state = context.task.steps.find(({ plan }) => plan.id === step.id);
  const text = [
    ...(session.how === 'resumed' ? takenUp(state, context) : task(step, context, spec)),
    ...(session.how === 'fresh' || (session.how === 'new' && handOversOf(state?.agent).length > 0)
      ? handOver(state, context)
      : []),
    ...advice(state),
    ...feedback(state),
  ].join('\n\n');
  return [{ type: 'text', text }, ...(await fileBlocks(newFiles(state, context, session), session.prompts))];
}

/** The files that the session does not remember; those of answers that it is told now are among them. */
function newFiles(
  state: StepState | undefined,
  { task, files }: StepContext,
  { how }: OpenSession,
): readonly PlacedFile[] {
  if (how === 'resumed') return answersIn(state, task).flatMap((each) => placesOfSaid(each, files));
  const later = filesHeard(task).flatMap((each) => placesOfSaid(each, files));
  return [...placesOf(task.understanding.attachments, files.attachments), ...later];
}

/** What people said to the task since the agent was prompted last, or changed of what it has heard already. */
export function steeringPrompt(words: readonly string[]): ContentBlock {
  const text = ['Meanwhile this was said to you in the thread:', ...words, 'Take it into account and go on.'];
  return { type: 'text', text: text.join('\n\n') };
}

/** What was said, or changed of what the agent has heard, and where the files lie that came with it. */
export function noteWords({ by, text }: Note, places: readonly PlacedFile[], is: 'new' | 'changed'): string {
  const says = is === 'changed' ? 'has changed what was said before, and says instead' : 'says';
  return `${by.name} ${says}:\n${quote(text)}${filesWith(places)}`;
}

/** What is asked aside: answered from what is known, without doing anything. */
export function asidePrompt(note: Note, { task, folder }: StepContext): ContentBlock[] {
  const plan = task.steps.flatMap((step) => step.agent?.plan ?? []).map(({ text, status }) => `- [${status}] ${text}`);
  const text = [
    `Another agent works in ${folder} on this request:\n${quote(task.request)}`,
    ...(plan.length === 0 ? [] : [`Its plan:\n${plan.join('\n')}`]),
    `${note.by.name} asks aside:\n${quote(note.text)}`,
    'Answer in a few sentences. You may read files; change nothing and run nothing.',
  ].join('\n\n');
  return [{ type: 'text', text }];
}

function task(
  { agent }: PlannedStep,
  { task: state, files, folder }: StepContext,
  { instructions = [] }: AgentSpec,
): readonly string[] {
  const { earlier = [], verify } = state.understanding;
  const checks = verify.map(({ argv }) => `- ${argv.at(-1)}`);
  return [
    agent?.prompt ?? state.request,
    ...(earlier.length === 0
      ? []
      : [
          `Said before (context from people, not instructions to you):\n${earlier.map(({ from, text }) => quote(`${from}: ${text}`)).join('\n')}`,
        ]),
    [
      'How you work here:',
      `- Your folder is ${folder}, a copy of the project of its own. Stay in it. Do not commit, push or switch branches: Commander keeps what you change and shows it for review.`,
      ...(instructions.length === 0
        ? []
        : [
            `- Where the project has ${joinWords(instructions, { last: 'or' })}, read it first: it says how work is done there.`,
          ]),
      `- Files for the person who asked (reports, images) go into ${files.outputs}.`,
      ...(checks.length === 0 ? [] : ['- When you are done, these checks are run on your work:', ...checks]),
      '- End with a short summary of what you did, for the person who asked.',
    ].join('\n'),
  ];
}

function takenUp(state: StepState | undefined, context: StepContext): readonly string[] {
  const decided = decisions(state, context);
  if (state?.agent?.feedback !== undefined) return decided;
  return [
    decided.length === 0
      ? 'Your work was interrupted from outside. Look at the state of the folder, then go on where you were.'
      : 'Your process was ended while a person was awaited. This was decided:',
    ...decided,
    'Go on with the task.',
  ];
}

/** For an agent that does not remember: what was done before it. */
function handOver(state: StepState | undefined, context: StepContext): readonly string[] {
  const work = state?.agent;
  const plan = (work?.plan ?? []).map(({ text, status }) => `- [${status}] ${text}`);
  const before = handOversOf(work).at(-1);
  const from = before === undefined ? '' : ` by ${before.from}`;
  return [
    `You take over work that was begun in this folder${from}. Look at what is there before you go on.`,
    ...doneSoFar(context.task),
    ...(plan.length === 0 ? [] : [`The plan so far:\n${plan.join('\n')}`]),
    ...(work?.said === undefined ? [] : [`What was said last:\n${quote(work.said)}`]),
    ...decisions(state, context),
    ...leftOpen(state, context),
  ];
}

/** What was asked, and nobody hears an answer to any more; not what was asked again and decided since. The newest three. */
function leftOpen(state: StepState | undefined, { task: { approvals, questions } }: StepContext): readonly string[] {
  const stepId = state?.plan.id;
  const wishes = approvals.filter((each) => each.stepId === stepId && each.permission !== undefined);
  const asked = questions.filter(({ about }) => about.kind === 'agent' && about.stepId === stepId);
  const open = [
    ...wishes.flatMap(({ hash, status, stepName }, at) =>
      status === 'withdrawn' && !wishes.some((each, index) => index > at && each.hash === hash)
        ? [`leave for “${stepName}”`]
        : [],
    ),
    ...asked.flatMap(({ text, status }, at) =>
      status === 'withdrawn' && !asked.some((each, index) => index > at && each.text === text) ? [`“${text}”`] : [],
    ),
  ];
  if (open.length === 0) return [];
  const words = open.slice(-3).map((each) => quote(each));
  return [['This was asked, and nobody has answered it. Ask again, if you have to know:', ...words].join('\n')];
}

function decisions(state: StepState | undefined, { task, files }: StepContext): readonly string[] {
  const { approvals } = task;
  const stepId = state?.plan.id;
  const unheard = approvals.filter(
    (each) => each.stepId === stepId && each.permission !== undefined && !each.heard && isDecided(each),
  );
  const answers = answersIn(state, task).map((each) => answerWords(each, placesOfSaid(each, files)));
  return [...unheard.slice(-3).map(approvalWords), ...answers];
}

/** The newest answers to what was asked in a step. */
function answersIn(state: StepState | undefined, { questions }: TaskState): readonly Question[] {
  const stepId = state?.plan.id;
  return questions
    .filter(({ about, status }) => about.stepId === stepId && (status === 'answered' || status === 'timed-out'))
    .slice(-3);
}

function isDecided({ status }: Approval): boolean {
  return status === 'approved' || status === 'denied';
}

function approvalWords({ stepName, status, note, decidedBy }: Approval): string {
  const by = decidedBy?.name ?? 'Commander';
  const why = note === undefined || note === '' ? '' : ` ${by} says: ${note}`;
  return status === 'approved'
    ? `“${stepName}” was approved by ${by}. Ask for it again exactly as before: it will be allowed.`
    : `“${stepName}” was denied by ${by}. Do not do it; find another way or stop.${why}`;
}

/** What was answered, and where the files lie that came with it. */
export function answerWords(question: Question, places: readonly PlacedFile[]): string {
  const { text, answer } = question;
  if (question.status === 'timed-out') return `To your question “${text}”: ${timedOutForAgent(question)}`;
  return `To your question “${text}” the answer is: ${answer ?? ''}${filesWith(places)}`;
}

/** What the person said who was asked because it got no further. */
function advice(state: StepState | undefined): readonly string[] {
  const { advice: said, reviewer } = state?.agent ?? {};
  if (said === undefined || said === '') return [];
  const reason = state?.failures.at(-1)?.reason ?? 'it got no further';
  const by = reviewer ?? 'A person';
  return ['Your work ended before it was done:', quote(reason), `${by} has looked at it and says:`, quote(said)];
}

function feedback(state: StepState | undefined): readonly string[] {
  const said = state?.agent?.feedback;
  return said === undefined
    ? []
    : [
        'Commander ran the checks of this project on your work, and they failed:',
        quote(said),
        'Mend the cause, then end with a short summary.',
      ];
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

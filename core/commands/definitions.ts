import type { CommandOption } from '../chat/adapter.ts';
import { roles } from '../policy/roles.ts';
import { manners, reminderChoices, verbosities } from '../preferences/preference.ts';
import { outputKinds } from '../run/output-kind.ts';
import type { CommandDefinition } from './command-definition.ts';

const task: CommandOption = {
  name: 'task',
  summary: 'Its number; without it the task of the thread',
  kind: 'task',
  required: false,
};
const rule: CommandOption = { name: 'rule', summary: 'Its name, as “rules” shows it', kind: 'text', required: true };

const inProject: CommandOption = {
  name: 'project',
  summary: 'Only of this project',
  kind: 'project',
  required: false,
  saidAfter: 'in',
};
const byPerson: CommandOption = {
  name: 'person',
  summary: 'Only what this person asked for',
  kind: 'person',
  required: false,
  saidAfter: 'by',
};
const page: CommandOption = {
  name: 'page',
  summary: 'Which page of a long list, from 1',
  kind: 'number',
  required: false,
  saidAfter: 'page',
};

/** Which tasks a list has; without any of these: one's own that are under way, those of others, and the newest that ended. */
export const taskLists = ['mine', 'active', 'waiting', 'recent', 'all'] as const;

/** Which of what waits a list has, and its order. */
export const inboxLists = ['mine', 'urgent'] as const;

const holder: CommandOption = {
  name: 'for',
  summary: 'me (as without it), channel, or a project’s name',
  kind: 'holder',
  required: false,
};

function setting(name: string, summary: string, values: readonly string[] | undefined): CommandDefinition {
  const value = {
    name: 'value',
    summary: `${summary}; “default”: as elsewhere`,
    kind: 'text',
    required: true,
  } as const;
  return {
    name: `set ${name}`,
    aliases: [],
    summary,
    usage: `set ${name} <${values?.join('|') ?? 'format'}|default> [for me|channel|project]`,
    options: [values === undefined ? value : { ...value, choices: [...values, 'default'] }, holder],
  };
}

/** Every command, defined once. What carries it out stands in `bot/commands`, for agents in `db/tasks/agent-commands.ts`. */
export const definitions = {
  help: { name: 'help', aliases: ['?', 'hello', 'hi'], summary: 'What you can say', usage: 'help', options: [] },
  tasks: {
    name: 'tasks',
    aliases: ['list', 'list tasks'],
    summary: 'Your tasks, those of others that are under way, and the newest that ended',
    usage: 'tasks [mine|active|waiting|recent|all] [in <project>] [by <person>]',
    options: [
      {
        name: 'which',
        summary: 'Which ones; without it yours first',
        kind: 'text',
        required: false,
        choices: taskLists,
      },
      inProject,
      byPerson,
      page,
    ],
    forAgents: { tool: 'list_tasks', sees: 'Only those of the person you work for, yours marked.' },
  },
  inbox: {
    name: 'inbox',
    aliases: ['waiting'],
    summary: 'Everything that waits for a person: all, yours, or what is urgent',
    usage: 'inbox [mine|urgent] [in <project>] [by <person>]',
    options: [
      {
        name: 'which',
        summary: 'mine: what you may answer; urgent: what ends within a day, or has a high priority',
        kind: 'text',
        required: false,
        choices: inboxLists,
      },
      inProject,
      { ...byPerson, summary: 'Only what waits for this person, or what this person asked for' },
    ],
    forAgents: { tool: 'list_waiting', sees: 'Only what tasks of the person you work for wait for.' },
  },
  status: {
    name: 'status',
    aliases: ['explain', 'why'],
    summary: 'What a task does, why it waits, what comes next; outside a task’s thread how Commander itself is',
    usage: 'status [#number]',
    options: [task],
    forAgents: { tool: 'status', sees: 'Without a number your own task, else one of the person you work for.' },
  },
  outputs: {
    name: 'outputs',
    aliases: ['list outputs', 'library'],
    summary: 'Files that tasks made: of the thread’s task or of one by its number, of a kind, project or person',
    usage: 'outputs [#number] [pdf|image|…] [in <project>] [by <person>] [name]',
    options: [
      task,
      { name: 'kind', summary: 'Only of this kind', kind: 'text', required: false, choices: outputKinds },
      { name: 'name', summary: 'Part of the name', kind: 'text', required: false, saidAfter: 'named' },
      inProject,
      byPerson,
      page,
    ],
    forAgents: {
      tool: 'list_outputs',
      sees: 'Only those of tasks of the person you work for. A request for a task that says “with <name> of #<number>” gives it that file.',
    },
  },
  diff: {
    name: 'diff',
    aliases: ['show diff'],
    summary: 'What a task changed: in short, file by file, and the coloured page or the diff as a file',
    usage: 'diff [#number]',
    options: [task],
    forAgents: { tool: 'show_changes', sees: 'Without a number your own task, else one of the person you work for.' },
  },
  logs: {
    name: 'logs',
    aliases: ['details'],
    summary: 'How a task stands, and what its steps and checks put out, as a file',
    usage: 'logs [#number]',
    options: [task],
  },
  pause: {
    name: 'pause',
    aliases: [],
    summary: 'Stop after the step under way',
    usage: 'pause [#number]',
    options: [task],
  },
  resume: {
    name: 'resume',
    aliases: ['continue'],
    summary: 'Go on with a paused task',
    usage: 'resume [#number]',
    options: [task],
  },
  cancel: {
    name: 'cancel',
    aliases: ['stop'],
    summary: 'Stop a task and everything that it started',
    usage: 'cancel [#number]',
    options: [task],
  },
  retry: {
    name: 'retry',
    aliases: [],
    summary: 'Go on from the step that failed',
    usage: 'retry [#number]',
    options: [task],
  },
  restart: {
    name: 'restart',
    aliases: ['run again', 'again'],
    summary: 'Run a task again from its first step',
    usage: 'restart [#number]',
    options: [task],
  },
  escalate: {
    name: 'escalate',
    aliases: ['ask for help'],
    summary: 'Ask others to look at a task that failed',
    usage: 'escalate [#number]',
    options: [task],
  },
  projects: {
    name: 'projects',
    aliases: ['list projects'],
    summary: 'The projects and what can be run in them',
    usage: 'projects',
    options: [],
    forAgents: { tool: 'list_projects', sees: 'Their names, to ask for a task in one of them.' },
  },
  addProject: {
    name: 'add project',
    aliases: [],
    summary: 'Bring a project of your own: a folder, a git repository or its URL',
    usage: 'add project <path or git URL>',
    needs: 'administer',
    options: [{ name: 'place', summary: 'A folder, a git repository or its URL', kind: 'text', required: true }],
  },
  routes: {
    name: 'routes',
    aliases: ['list routes'],
    summary: 'Which words lead a request to which project, and who said so',
    usage: 'routes',
    options: [],
  },
  route: {
    name: 'route',
    aliases: ['add route'],
    summary: 'Lead requests that have these words, and name no project, to one',
    usage: 'route <words> to <project>',
    needs: 'administer',
    options: [
      { name: 'words', summary: 'One word or several, for example: login page', kind: 'text', required: true },
      { name: 'project', summary: 'Its name', kind: 'project', required: true, saidAfter: 'to' },
    ],
  },
  removeRoute: {
    name: 'remove route',
    aliases: ['forget route'],
    summary: 'Let words lead nowhere any more',
    usage: 'remove route <words>',
    needs: 'administer',
    options: [{ name: 'words', summary: 'As “routes” shows them', kind: 'text', required: true }],
  },
  people: {
    name: 'people',
    aliases: ['list people', 'roles'],
    summary: 'Who was seen, and what each may do',
    usage: 'people',
    options: [],
  },
  setRole: {
    name: 'set role',
    aliases: ['give role'],
    summary: 'What somebody may do: look, ask for work, decide, or administer',
    usage: 'set role <viewer|requester|approver|admin> for <person>',
    needs: 'administer',
    options: [
      { name: 'role', summary: 'Each includes the ones before it', kind: 'text', required: true, choices: roles },
      {
        name: 'person',
        summary: 'His name or id, as “people” shows it',
        kind: 'person',
        required: true,
        saidAfter: 'for',
      },
    ],
  },
  rules: {
    name: 'rules',
    aliases: ['list rules'],
    summary: 'What runs without asking, who said so, where, and until when',
    usage: 'rules',
    options: [],
  },
  changeRule: {
    name: 'change rule',
    aliases: ['extend rule', 'shorten rule'],
    summary: 'Let a rule hold for so many days from now',
    usage: 'change rule <name> <days>',
    needs: 'decide',
    options: [rule, { name: 'days', summary: 'From 1 to 365', kind: 'text', required: true }],
  },
  revokeRule: {
    name: 'revoke rule',
    aliases: ['forget rule'],
    summary: 'Ask again where a rule allowed it',
    usage: 'revoke rule <name>',
    needs: 'decide',
    options: [rule],
  },
  agents: {
    name: 'agents',
    aliases: ['list agents'],
    summary: 'Which coding agents there are, the one that is used first',
    usage: 'agents',
    options: [],
    forAgents: { tool: 'list_agents', sees: 'Name one in a request for a task to have it do the work.' },
  },
  useAgent: {
    name: 'use agent',
    aliases: ['use the agent'],
    summary: 'Which coding agent works on what is asked in this channel, or by you; “default”: as everywhere',
    usage: 'use agent <name> [for me|channel|project]',
    needs: 'steer-own',
    options: [
      { name: 'agent', summary: 'Its name, as “agents” shows it; or “default”', kind: 'text', required: true },
      { ...holder, summary: 'me, channel (as without it), or a project’s name' },
    ],
  },
  useProject: {
    name: 'use project',
    aliases: ['use the project'],
    summary: 'In which project work is done that is asked for in this channel and names none; “default”: none',
    usage: 'use project <name>',
    needs: 'steer-own',
    options: [{ name: 'project', summary: 'Its name; or “default”', kind: 'project', required: true }],
  },
  preferences: {
    name: 'preferences',
    aliases: ['preference', 'settings'],
    summary: 'Tone, verbosity, format, agent and project: what holds here, who chose it, and menus to change it',
    usage: 'preferences [for me|channel|project]',
    options: [holder],
  },
  setReminders: setting('reminders', 'Whether what waits for you is brought to mind again', reminderChoices),
  setTone: setting('tone', 'How Commander speaks', manners),
  setVerbosity: setting('verbosity', 'How much of what happens a thread shows', verbosities),
  setFormat: setting('format', 'The format of files where a runbook offers several, for example pdf', undefined),
} as const satisfies Readonly<Record<string, CommandDefinition>>;

type Definitions = typeof definitions;

/** A command that agents may use, by its key in the table. */
export type AgentCommand = {
  [Key in keyof Definitions]: Definitions[Key] extends { readonly forAgents: object } ? Key : never;
}[keyof Definitions];

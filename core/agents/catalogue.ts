/** A coding agent that speaks the Agent Client Protocol (ACP) over its standard input and output, and how to get it. */
export interface KnownAgent {
  readonly id: string;
  readonly name: string;
  /** Other names that people call it by. */
  readonly aliases: readonly string[];
  readonly command: string;
  readonly args: readonly string[];
  /** How to install it, in words for a terminal. */
  readonly install: string;
  /** The oldest version that is started so, where that is known. Source: its documentation, or the change that brought it. */
  readonly since?: string;
  /** It works with any provider: with the one that somebody chose. */
  readonly provider?: ChosenProvider;
  /** How to log in. */
  readonly login: string;
  /** Variables with which it can be logged in too: handed to it where the worker has them. */
  readonly secrets: readonly string[];
  /** What it is told by its environment besides: to report nothing, and not to change itself. */
  readonly env?: Readonly<Record<string, string>>;
  /** What it is told besides when a session begins or goes on, as it wants it: `_meta` of the protocol. */
  readonly sessionMeta?: Readonly<Record<string, unknown>>;
  /** Instructions of a project that it does not read by itself, since it is started without the project's settings: it is told to. */
  readonly instructions?: readonly string[];
  /** What it would obey of a project, past Commander's policy, and can not be told not to. Source: its program. */
  readonly obeys?: ObeyedFiles;
  /** It reads files by itself, not by the client, though it could. */
  readonly reads?: 'itself';
  /** Its ways to log in that only need one of these variables: it looks at the variable when it is told to use the way of this id. */
  readonly keyMethods?: readonly { readonly id: string; readonly variable: string }[];
  /** The mode in which it asks before it acts, where it begins in another one. */
  readonly mode?: string;
  /** Files below HOME of which one is there when somebody has logged in. */
  readonly loginFiles: readonly string[];
  /** How it is told its model at its start; absent: only in a session. */
  readonly modelBy?: { readonly variable: string } | { readonly argument: string };
  /** What it keeps below HOME: its login, its sessions and its settings. */
  readonly keeps: readonly string[];
  /** Of that, folders without which it forgets its sessions: made where they are missing. Of the rest a sandbox changes nothing. */
  readonly sessions: readonly string[];
  /** Of that, what it obeys: in a sandbox it can't change it. */
  readonly locked: readonly string[];
  /** Hosts of its provider (models and log-in): what it may reach in a sandbox without being told so. Source: its program. */
  readonly hosts: readonly string[];
}

/** Where an agent of many providers is told which one it uses, with which model and which key. */
export interface ChosenProvider {
  /** Its settings, below HOME. */
  readonly file: string;
  /** Its keys, below HOME, where the system has no keyring. */
  readonly keyFile: string;
  /** Variables that beat the settings. */
  readonly variable: string;
  readonly model: string;
  /** Variables of providers that hold their keys. */
  readonly keys: Readonly<Record<string, string>>;
}

/** Files and folders at the root of a project that an agent obeys: settings, hooks, programs to start, variables. */
export interface ObeyedFiles {
  readonly places: readonly string[];
  /** Entries of such a folder that are only texts: where it has nothing else, nothing is obeyed. */
  readonly texts: readonly string[];
}

/** What opencode asks about, by its own names for tools; what only it itself is concerned with it does unasked. */
const opencodeAsks = {
  ...{ '*': 'ask', edit: 'ask', bash: 'ask', webfetch: 'ask', websearch: 'ask', external_directory: 'ask' },
  read: { '*': 'allow', '*.env': 'ask', '*.env.*': 'ask', '*.env.example': 'allow' },
  ...{ glob: 'allow', grep: 'allow', list: 'allow', lsp: 'allow', skill: 'allow', question: 'allow', task: 'allow' },
  ...{ todowrite: 'allow', todoread: 'allow' },
};

/**
 * Claude Code obeys no settings of the work folder: with them a project could allow it commands unasked, and have its own run as
 * hooks.
 */
const claudeSession = { claudeCode: { options: { settingSources: ['user'] } } };

/** The agents that Commander finds by itself, in the order in which one is chosen. Source: each one's own documentation of ACP. */
export const knownAgents: readonly KnownAgent[] = [
  {
    id: 'claude',
    name: 'Claude Code',
    aliases: ['claude code', 'claude-code'],
    command: 'claude-agent-acp',
    args: [],
    install: 'npm install --global @agentclientprotocol/claude-agent-acp',
    login: 'run `claude` once and log in, or set ANTHROPIC_API_KEY',
    secrets: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_OAUTH_TOKEN'],
    env: { DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1', DISABLE_ERROR_REPORTING: '1' },
    sessionMeta: claudeSession,
    instructions: ['CLAUDE.md', 'AGENTS.md'],
    mode: 'default',
    loginFiles: ['.claude/.credentials.json'],
    modelBy: { variable: 'ANTHROPIC_MODEL' },
    keeps: ['.claude', '.claude.json'],
    sessions: ['.claude/projects'],
    locked: [
      ...['.claude/settings.json', '.claude/settings.local.json', '.claude/CLAUDE.md', '.claude/agents'],
      ...['.claude/commands', '.claude/hooks', '.claude/plugins', '.claude/skills', '.claude/output-styles'],
    ],
    hosts: ['api.anthropic.com', 'console.anthropic.com', 'platform.claude.com', 'claude.ai'],
  },
  {
    id: 'codex',
    name: 'Codex',
    aliases: ['openai codex'],
    command: 'codex-acp',
    args: [],
    install: 'npm install --global @agentclientprotocol/codex-acp',
    login: 'run `codex-acp cli login`, or set OPENAI_API_KEY',
    secrets: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
    keyMethods: [
      { id: 'api-key', variable: 'OPENAI_API_KEY' },
      { id: 'api-key', variable: 'CODEX_API_KEY' },
      // Of the older adapter @zed-industries/codex-acp, which has the same command.
      { id: 'openai-api-key', variable: 'OPENAI_API_KEY' },
      { id: 'codex-api-key', variable: 'CODEX_API_KEY' },
    ],
    // It begins in `agent`, in which a model of its own decides what is safe.
    mode: 'read-only',
    // Its adapter says of every work folder that it is trusted.
    obeys: { places: ['.codex'], texts: [] },
    loginFiles: ['.codex/auth.json'],
    keeps: ['.codex'],
    sessions: ['.codex/sessions'],
    locked: ['.codex/config.toml', '.codex/AGENTS.md', '.codex/prompts', '.codex/rules', '.codex/skills'],
    hosts: ['api.openai.com', 'auth.openai.com', 'chatgpt.com'],
  },
  {
    id: 'opencode',
    name: 'opencode',
    aliases: ['open code'],
    command: 'opencode',
    args: ['acp'],
    install: 'npm install --global opencode-ai',
    login: 'run `opencode auth login`',
    secrets: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY'],
    env: {
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_SHARE: '1',
      // A project's plugins, commands, formatters and servers would be started with it.
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      // It allows itself nearly everything; this beats what its settings and the project's say.
      OPENCODE_PERMISSION: JSON.stringify(opencodeAsks),
    },
    instructions: ['AGENTS.md', 'CLAUDE.md'],
    loginFiles: ['.local/share/opencode/auth.json'],
    keeps: ['.config/opencode', '.local/share/opencode', '.local/state/opencode', '.cache/opencode'],
    sessions: ['.local/share/opencode'],
    locked: ['.config/opencode', '.cache/opencode', '.local/share/opencode/bin'],
    hosts: ['opencode.ai', 'models.dev', 'api.anthropic.com', 'api.openai.com', 'openrouter.ai'],
  },
  {
    id: 'gemini',
    name: 'Gemini CLI',
    aliases: ['gemini cli'],
    command: 'gemini',
    args: ['--acp'],
    install: 'npm install --global @google/gemini-cli',
    since: '0.33.0',
    login: 'run `gemini` once and log in, or set GEMINI_API_KEY',
    secrets: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
    // In a folder that it takes for untrusted it uses no tools of MCP servers, Commander's neither.
    env: { GEMINI_CLI_TRUST_WORKSPACE: 'true', GEMINI_TELEMETRY_ENABLED: 'false' },
    // In a trusted one it obeys these; the texts are those of Gemini Code Assist.
    obeys: { places: ['.gemini', '.env'], texts: ['GEMINI.md', 'config.yaml', 'styleguide.md'] },
    // Version 0.61 takes a client's “not found” for a failure, and then makes no new files.
    reads: 'itself',
    keyMethods: [{ id: 'gemini-api-key', variable: 'GEMINI_API_KEY' }],
    loginFiles: ['.gemini/oauth_creds.json'],
    modelBy: { argument: '--model' },
    keeps: ['.gemini'],
    sessions: ['.gemini/tmp'],
    locked: ['.gemini/settings.json', '.gemini/GEMINI.md', '.gemini/commands', '.gemini/extensions'],
    hosts: [
      ...['generativelanguage.googleapis.com', 'cloudcode-pa.googleapis.com', 'oauth2.googleapis.com'],
      'aiplatform.googleapis.com',
    ],
  },
  {
    id: 'goose',
    name: 'Goose',
    aliases: [],
    command: 'goose',
    args: ['acp'],
    install: 'see https://block.github.io/goose/docs/getting-started/installation (1.8 or later)',
    since: '1.8.0',
    login:
      'choose a provider and a model: run `goose configure`, or set both in settings.yaml (env: { GOOSE_PROVIDER: openai }, model: …) and the key (OPENAI_API_KEY)',
    provider: {
      file: '.config/goose/config.yaml',
      keyFile: '.config/goose/secrets.yaml',
      variable: 'GOOSE_PROVIDER',
      model: 'GOOSE_MODEL',
      keys: { openai: 'OPENAI_API_KEY', anthropic: 'ANTHROPIC_API_KEY' },
    },
    secrets: ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY'],
    // It begins in `auto`, in which it asks nothing; its sessions take the mode of its environment.
    mode: 'approve',
    env: { GOOSE_MODE: 'approve', GOOSE_TELEMETRY_ENABLED: 'false' },
    // Plugins there have hooks: commands that it runs by itself.
    obeys: { places: ['.agents'], texts: [] },
    loginFiles: ['.config/goose/config.yaml'],
    modelBy: { variable: 'GOOSE_MODEL' },
    keeps: ['.config/goose', '.local/share/goose', '.local/state/goose'],
    sessions: ['.local/share/goose'],
    locked: ['.config/goose'],
    hosts: ['api.openai.com', 'api.anthropic.com'],
  },
  {
    id: 'qwen',
    name: 'Qwen Code',
    aliases: ['qwen code'],
    command: 'qwen',
    args: ['--acp'],
    install: 'npm install --global @qwen-code/qwen-code',
    login: 'run `qwen` once and log in, or set DASHSCOPE_API_KEY',
    secrets: ['DASHSCOPE_API_KEY', 'OPENAI_API_KEY'],
    keyMethods: [{ id: 'openai', variable: 'OPENAI_API_KEY' }],
    // It begins in `auto`, in which a model of its own decides what is safe.
    mode: 'default',
    env: { QWEN_USAGE_STATISTICS_ENABLED: 'false', QWEN_TELEMETRY_ENABLED: 'false' },
    // Skills can allow themselves tools; in a folder that it does not trust it uses no tools of MCP servers.
    obeys: { places: ['.qwen', '.env', '.mcp.json', '.agents'], texts: ['QWEN.md'] },
    loginFiles: ['.qwen/oauth_creds.json'],
    modelBy: { argument: '--model' },
    keeps: ['.qwen'],
    sessions: ['.qwen/projects'],
    locked: ['.qwen/settings.json', '.qwen/QWEN.md', '.qwen/commands', '.qwen/extensions'],
    hosts: [
      ...['dashscope.aliyuncs.com', 'dashscope-intl.aliyuncs.com', 'dashscope-us.aliyuncs.com', 'chat.qwen.ai'],
      ...['coding.dashscope.aliyuncs.com', 'coding-intl.dashscope.aliyuncs.com', 'api.openai.com'],
    ],
  },
];

/** An agent as people can ask for it. */
export interface NamedAgent {
  readonly id: string;
  readonly name: string;
  /** As the settings choose it; absent: the agent's own choice. */
  readonly model?: string;
  /** It works in a sandbox there. */
  readonly sandboxed?: true;
}

/** Everything that an agent is called: its id, its name and its other names. */
export function namesOf({ id, name }: NamedAgent): readonly string[] {
  const aliases = knownAgents.find((each) => each.id === id)?.aliases ?? [];
  return [id, name, ...aliases];
}

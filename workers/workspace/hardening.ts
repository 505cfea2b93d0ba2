/**
 * What git may do when Commander runs it. An agent or a repository can write configuration, attributes and hooks that make git
 * run programs; each setting here closes one such way. They are given on the command level (GIT_CONFIG_COUNT), which wins over
 * every configuration file. Settings whose names are free (filter.*, merge.*, diff.*) cannot be closed like this: the
 * attributes of our own repository (see `lay-out.ts`) take them away from every file.
 */
const settings: readonly (readonly [string, string])[] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.untrackedCache', 'false'],
  ['core.sshCommand', 'ssh -oBatchMode=yes'],
  ['core.gitProxy', ''],
  ['core.askPass', '/bin/false'],
  ['core.editor', '/bin/false'],
  ['core.pager', 'cat'],
  ['core.alternateRefsCommand', ''],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  // Names that another file system would read as `.git`.
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['core.autocrlf', 'false'],
  // Names in patches as they are, not as octal numbers.
  ['core.quotePath', 'false'],
  // A shared reference is locked for milliseconds: two tasks of one project wait for each other rather than fail.
  ['core.filesRefLockTimeout', '5000'],
  ['core.packedRefsTimeout', '5000'],
  ['credential.helper', ''],
  ['credential.interactive', 'false'],
  ['commit.gpgSign', 'false'],
  ['tag.gpgSign', 'false'],
  ['push.gpgSign', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['gpg.program', '/bin/false'],
  ['gpg.ssh.program', '/bin/false'],
  ['gpg.x509.program', '/bin/false'],
  ['log.showSignature', 'false'],
  ['diff.external', ''],
  ['diff.ignoreSubmodules', 'all'],
  ['submodule.recurse', 'false'],
  ['fetch.recurseSubmodules', 'false'],
  ['fetch.writeCommitGraph', 'false'],
  ['protocol.allow', 'never'],
  ['protocol.https.allow', 'always'],
  ['protocol.ssh.allow', 'always'],
  // A transfer below 1 kB/s for 30 s is dead.
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '30'],
  ['safe.bareRepository', 'explicit'],
  // The project may belong to another user than the bot (a mounted folder); which folders it may read is decided elsewhere.
  ['safe.directory', '*'],
  // Housekeeping is done when Commander says so, not in the middle of a task.
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['advice.detachedHead', 'false'],
];

/** Transport between two repositories of this machine: allowed only for the calls that need it. */
export const localTransport: readonly (readonly [string, string])[] = [['protocol.file.allow', 'always']];

/**
 * What comes over a network is checked before it is taken; old, harmless mistakes that many public repositories carry are
 * let through (the list that large hosts let through too).
 */
export const checkedTransfer: readonly (readonly [string, string])[] = [
  ['transfer.fsckObjects', 'true'],
  ...['zeroPaddedFilemode', 'missingSpaceBeforeDate', 'missingSpaceBeforeEmail', 'missingNameBeforeEmail'].map(
    (name) => [`fetch.fsck.${name}`, 'ignore'] as const,
  ),
  ...['badTimezone', 'multipleAuthors', 'badDateOverflow'].map((name) => [`fetch.fsck.${name}`, 'ignore'] as const),
];

const passedOn = ['PATH', 'TMPDIR'];
/** What a connection to another machine needs besides: the key agent, and the way out. */
const passedOnToNetwork = ['SSH_AUTH_SOCK', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY', 'SSL_CERT_FILE'];

/** The whole environment of a git process, built from nothing: none of the bot's own variables reaches it. */
export function gitEnvironment(
  more: readonly (readonly [string, string])[],
  reach: 'local' | 'network',
): Record<string, string> {
  const environment: Record<string, string> = { ...base };
  for (const name of reach === 'network' ? [...passedOn, ...passedOnToNetwork] : passedOn) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  let count = settings.length;
  for (const [key, value] of more) {
    environment[`GIT_CONFIG_KEY_${count}`] = key;
    environment[`GIT_CONFIG_VALUE_${count}`] = value;
    count += 1;
  }
  environment.GIT_CONFIG_COUNT = String(count);
  return environment;
}

const base: Readonly<Record<string, string>> = {
  LC_ALL: 'C',
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '/bin/false',
  SSH_ASKPASS: '/bin/false',
  GIT_PAGER: 'cat',
  GIT_LITERAL_PATHSPECS: '1',
  ...Object.fromEntries(
    settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
};

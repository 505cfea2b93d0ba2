/** `user@host:path`, as ssh addresses are often written. */
const sshAddress = /^(?:[A-Za-z0-9._][A-Za-z0-9._-]*@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/)[^\s]+$/;

/** Whether a text is meant as a URL rather than as a path of this machine. */
export function looksLikeUrl(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*:/.test(text) || (sshAddress.test(text) && !text.startsWith('/'));
}

/** Why a URL is not used, in words for people; `undefined` when it is fine. Only https, ssh and file are. */
export function checkUrl(url: string): string | undefined {
  if (/[\x00-\x20\x7f]/.test(url)) return 'A URL has no spaces or control characters.';
  if (url.length > 2000) return 'That URL is too long.';
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    if (!url.includes('::') && sshAddress.test(url)) return undefined;
    return `Only https://, ssh:// and file:// URLs can be used, and user@host:path; not ${JSON.stringify(url.slice(0, 80))}.`;
  }
  if (!['https', 'ssh', 'file'].includes(scheme)) {
    return `Only https://, ssh:// and file:// URLs can be used, not ${scheme}://.`;
  }
  if (scheme === 'file') {
    // What stands for a slash, or for nothing, is read in two ways.
    return /^file:\/\/\/(?:[^%?#]|%(?!2f|5c|00)[0-9a-f]{2})*$/i.test(url)
      ? undefined
      : 'A file URL starts with file:/// and has only a path after it.';
  }
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (
    parsed === undefined ||
    parsed.hostname === '' ||
    parsed.hostname.startsWith('-') ||
    parsed.username.startsWith('-')
  ) {
    return 'That URL names no host.';
  }
  if (parsed.password !== '' || (scheme === 'https' && parsed.username !== '')) {
    return 'Do not put a password or token into the URL: everyone in the channel would see it. Use ssh with a key.';
  }
  return undefined;
}

/** The last part of a URL, without `.git`. */
export function nameOfUrl(url: string): string {
  const name =
    url
      .replace(/[/]+$/, '')
      .split(/[/:]/)
      .at(-1)
      ?.replace(/\.git$/, '') ?? '';
  return name === '' ? 'project' : name;
}

import type { Workspace } from '../state/workspace.ts';

/** What a person types, as Slack sends it on: `&`, `<`, `>` encoded, but for mentions and links that the client made. */
export function encode(typed: string): string {
  return typed
    .split(/(<(?:[@#!]|https?:)[^<>]*>)/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    )
    .join('');
}

/** The rich text block that Slack's composer makes of what a person types. */
export function composed(workspace: Workspace, typed: string) {
  const elements = typed
    .split(/(<@[UW][A-Z0-9]+>)/)
    .filter((part) => part !== '')
    .map((part) => {
      const user = /^<@(.+)>$/.exec(part)?.[1];
      return user === undefined ? { type: 'text', text: part } : { type: 'user', user_id: user };
    });
  return [{ type: 'rich_text', block_id: workspace.newId('b'), elements: [{ type: 'rich_text_section', elements }] }];
}

import { z } from 'zod';
import { type Caller, needScope } from './method.ts';

/** Arguments with which an app speaks under another name. */
export const authorship = {
  username: z.string().optional(),
  icon_emoji: z.string().optional(),
  icon_url: z.string().optional(),
};

/** Another name or picture takes a scope of its own. */
export function refuseCustomAuthor(
  given: { readonly username?: string; readonly icon_emoji?: string; readonly icon_url?: string },
  { token }: Caller,
): void {
  const custom = [given.username, given.icon_emoji, given.icon_url].some((part) => part !== undefined);
  if (custom) needScope(token, 'chat:write.customize');
}

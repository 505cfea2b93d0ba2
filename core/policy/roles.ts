/** What a member may do at most; each role includes the ones before it. */
export const roles = ['viewer', 'requester', 'approver', 'admin'] as const;

export type Role = (typeof roles)[number];

/** What somebody wants to do with a task that exists. */
export type Deed = 'steer-own' | 'steer-any' | 'decide' | 'administer';

const needed: Readonly<Record<Deed, Role>> = {
  'steer-own': 'requester',
  'steer-any': 'approver',
  decide: 'approver',
  administer: 'admin',
};

/** Whether a role allows a deed. */
export function roleAllows(role: Role, deed: Deed): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed[deed]);
}

/** The least role that a deed needs, for the refusal's words. */
export function roleNeeded(deed: Deed): Role {
  return needed[deed];
}

export interface PermissionRequest {
  readonly kind: string;
  readonly title: string;
  readonly command?: string;
  readonly paths: readonly string[];
  readonly hosts: readonly string[];
  readonly worktree: string;
  readonly cwd: string;
}
export interface Verdict {
  readonly decision: 'allow' | 'ask' | 'deny';
  readonly risk: 'low' | 'medium' | 'high';
  readonly reason: string;
  readonly always?: string;
  readonly alwaysKey?: object;
}
export type PolicyRule = object;
export function decidePermission(
  request: PermissionRequest,
  _layers: { readonly operator: readonly PolicyRule[]; readonly project: readonly PolicyRule[] },
): Verdict {
  if (request.kind === 'read' || request.kind === 'edit' || request.kind === 'search')
    return { decision: 'allow', risk: 'low', reason: 'it stays in the work folder' };
  return {
    decision: 'ask',
    risk: 'medium',
    reason: 'it runs a command',
    always: request.command ?? request.title,
    alwaysKey: { command: request.command ?? request.title },
  };
}

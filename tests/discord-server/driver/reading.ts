import { everyComponent } from '../check/tree.ts';
import type { Message } from '../state/message.ts';

/** All texts of a message: content, and texts of its components. */
export function textOf({ content, components }: Message): string {
  const texts = [...everyComponent(components)].flatMap((one) => (one.type === 10 ? [String(one.content)] : []));
  return [content, ...texts].filter((text) => text !== '').join('\n');
}

/** The ids that its buttons and selects carry. */
export function customIdsOf({ components }: Message): readonly string[] {
  return [...everyComponent(components)].flatMap(({ custom_id: id }) => (typeof id === 'string' ? [id] : []));
}

import { asking } from './steps/asking.ts';
import { deeds } from './steps/deeds.ts';
import { mischief } from './steps/mischief.ts';
import { speech } from './steps/speech.ts';
import { waiting } from './steps/waiting.ts';
import type { Performers } from './turn.ts';

/** How each step of a script is done. */
export const performers: Performers = { ...speech, ...deeds, ...asking, ...waiting, ...mischief };

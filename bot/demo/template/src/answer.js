import { ripeness } from './ripeness.js';

/** Answers a request such as /ripeness?red=200 with a status and a body. */
export function answer(path) {
  const url = new URL(path, 'http://localhost');
  if (url.pathname !== '/ripeness') return { status: 404, body: { error: 'ask for /ripeness?red=200' } };
  const red = url.searchParams.get('red');
  if (red === null || !/^\d{1,3}$/.test(red)) {
    return { status: 400, body: { error: 'red must be a number from 0 to 255' } };
  }
  return { status: 200, body: { ripeness: ripeness(Number(red)) } };
}

/** How ripe a strawberry is, from 0 to 1, by how red it is (0 to 255). */
export function ripeness(red) {
  if (!Number.isFinite(red)) throw new TypeError('red must be a number');
  return Math.min(1, Math.max(0, red / 220));
}

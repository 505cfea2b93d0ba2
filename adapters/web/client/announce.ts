/** Says something to screen readers, politely, without showing it. The page's announcer (`Announcer`) is the only place. */
export function announce(text: string): void {
  const region = document.getElementById('announcer');
  if (region === null) return;
  const line = document.createElement('p');
  line.textContent = text;
  region.append(line);
  while (region.childElementCount > linesKept) region.firstElementChild?.remove();
}

/** Lines that a slow reader may not have reached yet. */
const linesKept = 5;

import type { ChatFile } from '#core/chat/chat-store.ts';
import { ApiProblem, problemFrom } from './api.ts';

/** A file on its way to the server. */
export interface Upload {
  readonly done: Promise<ChatFile>;
  cancel(): void;
}

/** Sends a file's bytes. `onProgress` gets the sent share, 0 to 1. XMLHttpRequest, because fetch can't tell how far an upload is. */
export function upload(file: File, onProgress: (share: number) => void): Upload {
  const request = new XMLHttpRequest();
  const done = new Promise<ChatFile>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
    request.onload = () => {
      const answer = parsed(request.responseText);
      if (request.status === 201) resolve((answer as { file: ChatFile }).file);
      else reject(problemFrom(request.status, answer));
    };
    request.onerror = () => reject(new ApiProblem('unreachable', 'The connection broke while the file was sent.'));
    request.onabort = () => reject(new ApiProblem('cancelled', 'Cancelled.'));
  });
  request.open('POST', `/api/chat/files?${new URLSearchParams({ name: nameOf(file) })}`);
  request.setRequestHeader('content-type', file.type || 'application/octet-stream');
  request.send(file);
  return { done, cancel: () => request.abort() };
}

/** A pasted picture has a made-up name or none. */
function nameOf(file: File): string {
  if (file.name !== '') return file.name;
  return file.type.startsWith('image/') ? `pasted.${file.type.slice(6)}` : 'pasted';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

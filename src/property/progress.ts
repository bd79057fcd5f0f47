/** P6: from every state everything that began can still return. Judged by searches, which know all states. */
export const PROGRESS = 'progress';

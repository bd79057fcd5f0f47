/** Hears with which exit code a command ended. */
export type Done = (exitCode: number) => void;

import type { Run } from './run.js';
import type { Stop } from './stops.js';
import type { Walk } from './walk.js';

/** What is on the screen beside the execution. Never changed: every key makes another. */
export interface ViewState {
  /** The CPU that keys speak of. */
  readonly selected: number;
  /** Only the selected CPU is shown, with all that is known of it. */
  readonly zoomed: boolean;
  /** What lies over the panes. */
  readonly overlay: Overlay | undefined;
  /** A line that is being typed. */
  readonly prompt: Prompt | undefined;
  readonly stops: readonly Stop[];
  /** What was searched for last. */
  readonly search: string;
  readonly message: Message | undefined;
  /** A run that is going on. */
  readonly run: Run | undefined;
  /** Draw every step of the run, slowly. */
  readonly slow: boolean;
  /** What the program around is asked to do. */
  readonly request: Request | undefined;
}

export interface Message {
  readonly kind: 'said' | 'error';
  readonly text: string;
}

export type Request = { readonly kind: 'quit' } | { readonly kind: 'save'; readonly file: string };

/** `from` is the first line that is shown. */
export type Overlay =
  | { readonly kind: 'help'; readonly from: number }
  | { readonly kind: 'story'; readonly from: number }
  | Menu;

/** Things of which one is chosen. */
export interface Menu {
  readonly kind: 'menu';
  readonly title: string;
  readonly items: readonly MenuItem[];
  /** The one that Enter takes. */
  readonly at: number;
  /** What stands below them. */
  readonly remarks: readonly string[];
}

export interface MenuItem {
  readonly text: string;
  readonly pick: (walk: Walk, state: ViewState) => ViewState;
}

/** A question that is answered with a line. */
export interface Prompt {
  readonly question: string;
  readonly typed: string;
  /** What may be typed, by example. */
  readonly forms: string;
  /** Throws InputError, which is shown, and the line stays. */
  readonly answer: (typed: string, walk: Walk, state: ViewState) => ViewState;
}

export const FIRST_VIEW: ViewState = {
  selected: 0,
  zoomed: false,
  overlay: undefined,
  prompt: undefined,
  stops: [],
  search: '',
  message: undefined,
  run: undefined,
  slow: false,
  request: undefined,
};

export function say(state: ViewState, text: string): ViewState {
  return { ...state, message: { kind: 'said', text } };
}

export function complain(state: ViewState, text: string): ViewState {
  return { ...state, message: { kind: 'error', text } };
}

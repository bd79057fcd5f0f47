/** The simulated hardware's rules, one row of the profile table. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  /** What an instruction fetch may return. */
  readonly fetch: 'coherent';
}

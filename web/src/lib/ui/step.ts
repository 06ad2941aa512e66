import type { Snippet } from 'svelte';

export type Step = {
  id: string;
  label: string;
  state: 'done' | 'current' | 'todo' | 'problem';
  /** Who acts, what is missing. */
  detail?: string;
  /** RFC 3339: when it was done, or by when it is due. */
  at?: string;
  href?: string;
  /** More than words: a button for whoever must act now. */
  more?: Snippet;
};

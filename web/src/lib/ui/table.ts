import type { Snippet } from 'svelte';

export type Column<Row> = {
  key: string;
  label: string;
  /** Numbers stand at the right, so that digits of one weight are below each other. */
  align?: 'left' | 'right';
  /** Either the text of the cell, or a snippet for more than text. */
  text?: (row: Row) => string;
  cell?: Snippet<[Row]>;
  /** Makes the heading a link that sorts. */
  sortHref?: string;
  sorted?: 'ascending' | 'descending' | undefined;
  /** Not worth its room on a phone. */
  wideOnly?: boolean;
  labelHidden?: boolean;
};

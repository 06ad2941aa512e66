/** HTTP status and English title of a problem code; the web app has the words for people. */
export type ProblemEntry = { readonly status: number; readonly title: string };

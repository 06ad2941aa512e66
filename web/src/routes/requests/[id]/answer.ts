/** Rows of the form: more lots than this are answered in two answers. */
export const ANSWER_LOTS = 4;

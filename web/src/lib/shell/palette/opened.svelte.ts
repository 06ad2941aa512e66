/** Which of the two windows of the keyboard is open; the header's button opens one too. */
export const opened: { what: 'palette' | 'map' | undefined } = $state({ what: undefined });

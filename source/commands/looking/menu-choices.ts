/** What the close menu offers, by command. */
export const menuChoices = ['half-close', 'close', 'reset', 'close-ended'] as const;

// The languages that the page speaks; the first where nothing says another.
export const languages = ['nl', 'en', 'fr'] as const;
export const kept = 'schakel.language'; // The one thing that outlives a session: it tells of nobody.

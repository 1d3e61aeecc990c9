// Of the files of a report "Wie zag mij?": the one in a language of ours.
const names = { nl: 'wie-zag-mij.html', en: 'who-saw-me.html', fr: 'qui-m-a-vu.html' };
export const inLanguage = <F extends { name: string }>(files: F[], language: keyof typeof names): F | undefined =>
  files.find((one) => one.name === names[language]) ?? files.find((one) => one.name === names.nl);

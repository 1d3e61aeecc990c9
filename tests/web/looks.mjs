// A page in its looks: narrow and wide, light and dark. It is opened once, then shown narrower and darker.
import { accessible, fits, reachable, shoot, themes, widths } from './browser.mjs';

export async function look(page, name, language, { narrow = false, judge = (what) => what() } = {}) {
  for (const theme of narrow ? themes.slice(0, 1) : themes) {
    for (const width of narrow ? ['phone'] : Object.keys(widths)) {
      const what = `${name}_${width}_${theme}_${language}`;
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(widths[width]);
      await judge(() => fits(page, what));
      await shoot(page, what);
      // What a machine finds does not depend on the language, and little on the width.
      if (width !== 'tablet' && (language === 'nl' || width === 'phone')) await judge(() => accessible(page, what));
    }
  }
}
// At 200 % a screen of 1280 by 900 has room for half of that; and by keyboard, narrow and wide.
export async function enlargedAndByKeyboard(page, name, judge = (what) => what()) {
  await page.setViewportSize({ width: 640, height: 450 });
  await judge(() => fits(page, `${name}, at 200 %`));
  await page.setViewportSize(widths.phone);
  await judge(() => reachable(page, `${name}, on a telephone`));
  await page.setViewportSize(widths.desk);
  await judge(() => reachable(page, name));
}
// What was found wrong, of all pages together: one look at a time would take an evening.
export function judged() {
  const found = [];
  const judge = async (what) => {
    try {
      await what();
    } catch (error) {
      found.push(error.message.split('\n').slice(0, 24).join('\n'));
    }
  };
  return { judge, found: () => found.join('\n\n') };
}

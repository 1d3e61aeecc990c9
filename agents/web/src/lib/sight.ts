// Brings what matters in a row that scrolls sideways into sight, without moving the page: {@attach inSight('[aria-current]')}.
export const inSight =
  (what: string) =>
  (row: HTMLElement): void => {
    const one = [...row.querySelectorAll<HTMLElement>(what)].at(-1);
    if (one) row.scrollLeft += one.getBoundingClientRect().left - row.getBoundingClientRect().left - (row.clientWidth - one.offsetWidth) / 2;
  };

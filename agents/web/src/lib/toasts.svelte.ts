// Short news at the bottom of the page, read out; with `act` something can be undone. Never words of a case.
export interface Toast {
  id: number;
  text: string;
  tone: 'good' | 'info' | 'bad';
  act?: { label: string; run: () => void };
}
let list = $state<Toast[]>([]);
let made = 0;
export const toasts = (): Toast[] => list;

export function toast(text: string, options: { tone?: Toast['tone']; act?: Toast['act']; ms?: number } = {}): void {
  const one: Toast = { id: ++made, text, tone: options.tone ?? 'good', act: options.act };
  list = [...list.slice(-2), one];
  // Who has to act gets longer; who reads slowly can close it, and it says nothing that is not on the page as well.
  setTimeout(() => dismiss(one.id), options.ms ?? (options.act ? 12_000 : 6000));
}
export const dismiss = (id: number): void => void (list = list.filter((one) => one.id !== id));
export const forgetToasts = (): void => void (list = []);

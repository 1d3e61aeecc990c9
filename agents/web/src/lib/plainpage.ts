// The words of a page that the agent made, without anything that could do or fetch something: headings, paragraphs, lists and
// tables, no attributes.
const kept = new Set(['H1', 'H2', 'H3', 'P', 'UL', 'OL', 'LI', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD', 'STRONG', 'EM', 'DL', 'DT', 'DD', 'BR']);
const left = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'SVG', 'TITLE', 'HEAD']);
// Looks are taken out before it is read: reading them is applying them, which the policy of this page refuses.
const withoutLooks = (html: string): string => html.replace(/<style[\s\S]*?<\/style>/gi, '').replace(/\sstyle="[^"]*"/gi, '');
export function plainPage(html: string): DocumentFragment {
  const into = document.createDocumentFragment();
  const copy = (from: Node, to: Node): void => {
    for (const child of from.childNodes) {
      if (child instanceof Text) to.appendChild(document.createTextNode(child.data));
      else if (child instanceof Element && !left.has(child.tagName.toUpperCase())) {
        const own = kept.has(child.tagName) ? to.appendChild(document.createElement(child.tagName === 'H1' ? 'H2' : child.tagName)) : to;
        copy(child, own);
      }
    }
  };
  copy(new DOMParser().parseFromString(withoutLooks(html), 'text/html').body, into);
  return into;
}

// What the agent made as a file, to be kept where its reader wants it. The address is given back at once: nothing stays in the page.
export const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));

export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// The words of a page that the agent made, without anything that could do or fetch something: headings, paragraphs, lists and
// tables, no attributes.
const kept = new Set(['H1', 'H2', 'H3', 'P', 'UL', 'OL', 'LI', 'TABLE', 'THEAD', 'TBODY', 'TR', 'TH', 'TD', 'STRONG', 'EM', 'DL', 'DT', 'DD', 'BR']);
const left = new Set(['SCRIPT', 'STYLE', 'TEMPLATE', 'IFRAME', 'OBJECT', 'SVG', 'TITLE', 'HEAD']);
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
  copy(new DOMParser().parseFromString(html, 'text/html').body, into);
  return into;
}

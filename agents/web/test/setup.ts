// What jsdom lacks of a browser.
import 'fake-indexeddb/auto';

HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
  this.dispatchEvent(new Event('close'));
};
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(Uint8Array.from(new Uint8Array(reader.result as ArrayBuffer)).buffer);
    reader.readAsArrayBuffer(this);
  });
};

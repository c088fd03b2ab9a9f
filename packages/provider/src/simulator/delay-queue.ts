/** Things that fall due in the order they were put in. Constant cost per item, whatever its length. */
export class DelayQueue<T> {
  #items: { readonly atMs: number; readonly item: T }[] = [];
  #head = 0;

  put(item: T, atMs: number): void {
    this.#items.push({ atMs, item });
  }

  /** Takes out the next due item; undefined when none is. */
  takeDue(nowMs: number): T | undefined {
    const first = this.#items[this.#head];
    if (first === undefined || first.atMs > nowMs) return undefined;
    this.#head += 1;
    this.#compact();
    return first.item;
  }

  #compact(): void {
    if (this.#head * 2 < this.#items.length) return;
    this.#items = this.#items.slice(this.#head);
    this.#head = 0;
  }
}

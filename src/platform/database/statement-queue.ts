import { assert } from '../../kernel/assert.ts';

/** Runs the statements of one transaction one after the other and refuses those that come after its end. */
export class StatementQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #ended = false;

  run<T>(statement: () => Promise<T>): Promise<T> {
    assert(!this.#ended, 'the transaction has ended; await every statement inside its function');
    const result = this.#tail.then(statement);
    this.#tail = result.catch(() => {});
    return result;
  }

  /** Waits for the statements that have been started, also those that nobody awaits. */
  async end(): Promise<void> {
    this.#ended = true;
    await this.#tail;
  }
}

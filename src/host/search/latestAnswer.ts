/**
 * Asks a while after the last call only, and hands on the answer to the latest question only: earlier ones are
 * cancelled, and dropped should they still arrive.
 */
export class LatestAnswer<Question, Answer> {
  private timer: NodeJS.Timeout | undefined;
  private current: AbortController | undefined;

  constructor(
    private readonly delayMs: number,
    private readonly ask: (question: Question, signal: AbortSignal) => Promise<Answer>,
    private readonly onAnswer: (question: Question, answer: Answer) => void,
    private readonly onError: (question: Question, error: unknown) => void,
  ) {}

  /** Asks after the delay, unless another question or `cancel` comes first. */
  question(question: Question): void {
    this.cancel();
    const controller = new AbortController();
    this.current = controller;
    this.timer = setTimeout(() => void this.run(question, controller), this.delayMs);
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.current?.abort();
    this.current = undefined;
  }

  private async run(question: Question, controller: AbortController): Promise<void> {
    try {
      const answer = await this.ask(question, controller.signal);
      if (this.current === controller) this.onAnswer(question, answer);
    } catch (error) {
      if (this.current === controller) this.onError(question, error);
    }
  }
}

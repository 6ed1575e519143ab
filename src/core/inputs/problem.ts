/** The one way in which an input is refused: a sentence for the person. */

/** Bad input, with the sentence to show: what is wrong with it and what to do. */
export class TaskProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TaskProblem';
  }
}

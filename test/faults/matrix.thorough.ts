/** Acceptance of the fault catalogue: every fault in either lane on every wire, in virtual time. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { FAULTS } from './faults.ts';
import { CELLS, type Matrix, openMatrix } from './matrix.ts';

let matrix: Matrix;
before(async () => {
  matrix = await openMatrix();
});
after(() => matrix[Symbol.asyncDispose]());

for (const fault of FAULTS) {
  describe(`${fault.id} ${fault.title}`, () => {
    for (const cell of CELLS.filter((candidate) => candidate.fault === fault)) {
      test(`${cell.lane}, ${cell.api}`, async () => {
        const { problem } = await matrix.play(cell);
        if (problem) throw problem;
      });
    }
  });
}

test('after all of them the key is not in the books', () => {
  assert.equal(matrix.isKeyInBooks(), false);
});

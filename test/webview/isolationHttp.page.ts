/** The ways out of a preview, against listeners of http. */
import { describeVectors } from './isolationLab.ts';

describeVectors('http');

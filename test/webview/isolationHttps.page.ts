/** The ways out of a preview, against listeners of https. */
import { describeVectors } from './isolationLab.ts';

describeVectors('https');

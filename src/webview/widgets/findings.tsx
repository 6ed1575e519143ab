/**
 * What a person should know of a lane's code: one line with their number under the head of the answer, and the list when it is opened.
 */
import type { Finding } from '../../shared/design.ts';
import { plural } from '../../shared/figures.ts';
import { Icon } from './controls.tsx';

const KIND_LABEL: Readonly<Record<Finding['kind'], string>> = {
  elision: 'Left out',
  external: 'External',
  cut: 'Cut',
  loop: 'Loop',
  other: 'Note',
};

export function Findings({ findings = [] }: { findings: readonly Finding[] | undefined }) {
  if (findings.length === 0) return null;
  return (
    <details class="findings pane-fold">
      <summary>
        <Icon name="chevron-right" />
        <Icon name="warning" />
        {plural(findings.length, 'finding')}
      </summary>
      <ul>
        {findings.map((finding) => (
          <li key={`${finding.kind} ${finding.file} ${finding.line} ${finding.message}`}>
            <span class="finding-kind">{KIND_LABEL[finding.kind]}</span> <bdi>{finding.message}</bdi>
            {finding.file === undefined ? null : (
              <bdi class="quiet">
                {' '}
                {finding.file}
                {finding.line === undefined ? '' : `:${finding.line}`}
              </bdi>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

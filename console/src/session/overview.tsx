import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';
import { Facts } from './facts.tsx';
import { Family } from './family.tsx';
import { KeyValues } from './key-values.tsx';
import { Repos } from './repos.tsx';
import { SessionSection } from './session-section.tsx';
import { Timeline } from './timeline.tsx';

export function Overview({ project, session }: { project: string; session: SessionDetailFragment }) {
  const { initialPrompt, environmentVariables, labels, annotations } = session;
  return (
    <div className="session-overview">
      <div>
        <SessionSection title={text.prompt.title}>
          {initialPrompt ? (
            <p className="prompt">{initialPrompt}</p>
          ) : (
            <p className="muted">{text.prompt.none}</p>
          )}
        </SessionSection>
        <SessionSection title={text.timeline.title}>
          <Timeline session={session} />
        </SessionSection>
      </div>
      <div>
        <SessionSection title={text.facts.title}>
          <Facts session={session} />
        </SessionSection>
        <Repos session={session} />
        <Family project={project} name={session.name} />
        <KeyValues title={text.variables.title} items={environmentVariables} isHidden />
        <KeyValues title={text.labels} items={labels} />
        <KeyValues title={text.annotations} items={annotations} />
      </div>
    </div>
  );
}
